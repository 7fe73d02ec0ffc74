# split() by one character: short and long pieces, none, limits, texts of each width.
import random

random.seed(3)
for round in range(300):
    text = ''.join(random.choice(['a', 'bc', ',', ',,', 'x' * random.randrange(60), 'é' if round % 3 else '']) for _ in range(40))
    if round % 5 == 0:
        text += '日'
    for limit in (-1, 0, 1, 2, 5, 1000):
        pieces = text.split(',', limit)
        assert ','.join(pieces) == text
        assert len(pieces) == (text.count(',') if limit < 0 else min(limit, text.count(','))) + 1
        assert all(',' not in p for p in (pieces if limit < 0 else pieces[:limit]))
for text in ('', ',', ',,', 'a', 'a,', ',a', 'x' * 23 + ',', 'x' * 24 + ',', 'x' * 25 + ',', 'x' * 600, 'x' * 600 + ',y'):
    print(len(text), [len(p) for p in text.split(',')], text.split('日') == [text], text.split('é') == [text], len(text.split('x')))
