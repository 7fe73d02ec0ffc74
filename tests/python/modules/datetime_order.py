# Dates, datetimes and times at the ends of their ranges and one unit apart: fields, order, hashes, pickles, the fold.
import datetime as dt
import itertools
import pickle
import zlib

days = [(1, 1, 1), (1, 1, 2), (1, 12, 31), (2, 1, 1), (1970, 1, 1), (2024, 2, 29), (2024, 3, 1), (9999, 12, 31)]
times = [(0, 0, 0, 0), (0, 0, 0, 1), (0, 0, 1, 0), (0, 1, 0, 0), (1, 0, 0, 0), (23, 59, 59, 999999), (12, 34, 56, 789012)]
zone = dt.timezone(dt.timedelta(hours=5))
dates = [dt.date(*day) for day in days]
moments = [dt.datetime(*day, *time) for day in days for time in times]
clocks = [dt.time(*time) for time in times]
for values in (dates, moments, clocks, [moment.replace(tzinfo=zone) for moment in moments]):
    assert sorted(reversed(values), key=lambda v: v.isoformat()) == sorted(reversed(values))
    results = [
        (a < b, a <= b, a == b, a != b, a >= b, a > b, hash(a) == hash(b)) for a, b in itertools.product(values, values)
    ]
    print(len(results), zlib.crc32(repr(results).encode()), min(values), max(values))
    for value in values:
        assert pickle.loads(pickle.dumps(value)) == value
for moment in moments:
    print(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond, moment.fold)
    folded = moment.replace(fold=1)
    assert folded.fold == 1 and folded == moment and hash(folded) == hash(moment) and not folded < moment
    assert folded.replace(second=7).fold == 1 and folded.time().fold == 1 and folded.date() == moment.date()
    assert dt.datetime.combine(moment.date(), moment.time()) == moment
    assert pickle.loads(pickle.dumps(folded)).fold == 1
folded = dt.time(3, 4, fold=1)
print(folded, repr(folded), folded == dt.time(3, 4), folded.replace(hour=4).fold)


class Day(dt.date):
    pass


class Moment(dt.datetime):
    pass


print(Day(2024, 2, 29) == dates[5], Day(2024, 3, 1) > dates[5], repr(Moment(2024, 2, 29, 1, fold=1)), dates[5] == moments[35])
print(Moment(2024, 2, 29).replace(fold=1).fold, max(Day(1, 1, 1), dates[2]))
