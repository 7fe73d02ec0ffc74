# datetime, time, calendar, zoneinfo, textwrap, string, unicodedata, difflib, pprint, html, urllib.parse, shlex.
import calendar
import datetime as dt
import difflib
import html
import pprint
import shlex
import string
import textwrap
import time
import unicodedata
import urllib.parse
import zoneinfo

d = dt.date(2024, 2, 29)
print(d, d.isoformat(), d.weekday(), d.isocalendar(), d.strftime('%a %d %b %Y %j %U %%'), d + dt.timedelta(1),
        d - dt.date(2023, 2, 28), d.replace(year=2020), dt.date.fromisoformat('2024-03-01'), d.timetuple().tm_yday,
                dt.date.fromordinal(738000), d.toordinal(), d < dt.date.max, dt.date.fromisocalendar(2024, 1, 1),
                        d.ctime(), repr(d))
t = dt.datetime(2024, 1, 2, 3, 4, 5, 678901, tzinfo=dt.timezone.utc)
print(t, t.isoformat(timespec='milliseconds'), t.timestamp(),
        t.astimezone(dt.timezone(dt.timedelta(hours=5, minutes=30))), dt.datetime.fromtimestamp(0, dt.timezone.utc),
                dt.datetime.fromisoformat('2024-01-02T03:04:05Z'),
                        dt.datetime.strptime('2024-05-06 07:08', '%Y-%m-%d %H:%M'), t.time(), t.date(),
                                t.utctimetuple().tm_hour, t.replace(microsecond=0), dt.datetime.combine(d, dt.time(1)),
      f'{t:%H:%M:%S.%f %z %Z}', repr(t), dt.time(25 % 24, 1), dt.time.fromisoformat('10:20:30.5'), dt.datetime.min,
              dt.datetime.strptime('Mon Jan  1 00:00:00 2024', '%c'))
delta = dt.timedelta(days=-1, hours=5, microseconds=7)
print(delta, repr(delta), delta.total_seconds(), abs(delta), delta * 2, delta / 2, delta // dt.timedelta(hours=1),
        divmod(dt.timedelta(10), dt.timedelta(3)), dt.timedelta(weeks=1, days=0.5), -delta, dt.timedelta.max,
                dt.timedelta(seconds=1) == dt.timedelta(milliseconds=1000), str(dt.timedelta(100, 3661)))
for bad in (lambda: dt.date(2023, 2, 29), lambda: dt.date(0, 1, 1), lambda: dt.datetime(2024, 1, 1, 24),
        lambda: dt.date.fromisoformat('x'), lambda: d + 1, lambda: dt.datetime.strptime('x', '%Y'),
        lambda: dt.datetime.strptime('2024 x', '%Y'), lambda: dt.datetime.now() < t, lambda: dt.timedelta(10 ** 10),
        lambda: dt.timezone(dt.timedelta(hours=25)), lambda: dt.date.max + dt.timedelta(1), lambda: dt.time(1, 60),
        lambda: d < t, lambda: dt.datetime(2024, 1, 1, tzinfo=5), lambda: dt.datetime.fromisoformat('2024-13-01'),
        lambda: zoneinfo.ZoneInfo('No/Where')):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
z = zoneinfo.ZoneInfo('Europe/Berlin')
summer, winter = dt.datetime(2024, 7, 1, 12, tzinfo=z), dt.datetime(2024, 1, 1, 12, tzinfo=z)
print(summer, winter, summer.utcoffset(), winter.tzname(), summer.astimezone(zoneinfo.ZoneInfo('America/New_York')),
        dt.datetime(2024, 10, 27, 2, 30, fold=1, tzinfo=z).utcoffset(), z.key, repr(z))
print(time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(86400 * 365)), time.gmtime(0),
        time.mktime(time.struct_time((2000, 1, 1, 0, 0, 0, 0, 1, 0))), calendar.timegm((1970, 1, 2, 0, 0, 0)),
                time.strptime('30 Nov 00', '%d %b %y')[:3], time.asctime(time.gmtime(0)),
                        time.monotonic() <= time.monotonic(), time.time_ns() > 10 ** 18,
                                time.get_clock_info('monotonic').monotonic, time.perf_counter_ns() > 0)
began = time.monotonic()
time.sleep(0.02)
assert time.monotonic() - began >= 0.02 and time.process_time() > 0 and time.thread_time() >= 0
for bad in (lambda: time.sleep(-1), lambda: time.sleep('a'), lambda: time.gmtime('x'), lambda: time.strftime(5),
        lambda: time.mktime(()), lambda: time.gmtime(10 ** 20)):
    try:
        bad()
    except Exception as e:
        print(type(e).__name__, e)
print(calendar.month(2024, 2), calendar.isleap(2000), calendar.monthrange(2023, 2), calendar.day_name[0],
        list(calendar.Calendar().itermonthdays(2024, 2))[:5])

text = 'The quick brown fox jumps over the lazy dog. ' * 2
print(textwrap.wrap(text, 30), textwrap.fill(text, 40, initial_indent='* ', subsequent_indent='  '),
        textwrap.dedent('  a\n   b\n'), textwrap.indent('a\nb', '> '), textwrap.shorten(text, 20))
print(string.Template('$a ${b} $$').substitute(a=1, b=2), string.Template('$x $y').safe_substitute(x=1),
        string.capwords('a bc'), string.ascii_letters, string.punctuation,
                string.Formatter().format('{0} {k!r:>5}', 1, k='v'), list(string.Formatter().parse('a{b!r:c}d')))
for c in 'aé½٣日 \n😀ǅ':
    print(ascii(c), unicodedata.name(c, '-'), unicodedata.category(c), unicodedata.numeric(c, None),
            unicodedata.decimal(c, None), unicodedata.bidirectional(c), unicodedata.combining(c),
                    unicodedata.east_asian_width(c), unicodedata.mirrored(c), unicodedata.decomposition(c))
print([ascii(unicodedata.normalize(f, 'é\ufb01Å\u1e9b\u0323')) for f in ('NFC', 'NFD', 'NFKC', 'NFKD')],
        ascii(unicodedata.lookup('SNOWMAN')), unicodedata.unidata_version,
                unicodedata.is_normalized('NFC', 'e\u0301'), ascii(unicodedata.normalize('NFC', '\u1100\u1161\u11a8')))
print('\n'.join(difflib.unified_diff('a b c'.split(), 'a x c'.split(), lineterm='')),
        difflib.get_close_matches('appel', ['ape', 'apple', 'peach']),
                difflib.SequenceMatcher(None, 'abcd', 'bcde').ratio(), list(difflib.ndiff(['a'], ['b'])))
pprint.pprint({'key %d' % n: list(range(n, n + 12)) for n in range(3)}, width=60)
pprint.pprint([{'a': (1,), 'b': {3, 1, 2}}, 'x' * 100], width=40, compact=True)
print(html.escape('<a href="x">&\'</a>'), html.unescape('&lt;&eacute;&#233;&#xe9;&nope;&amp'),
        urllib.parse.quote('a b/é?&'), urllib.parse.unquote('a%20b%C3%A9+'),
                urllib.parse.urlencode({'a': '1 2', 'b': ['x', 'y']}, doseq=True),
                        urllib.parse.parse_qs('a=1&a=2&b='), urllib.parse.urlsplit('https://u:p@h.org:80/p;x?q=1#f'),
                                urllib.parse.urljoin('http://a/b/c', '../d'),
                                        urllib.parse.urlunsplit(('http', 'h', 'p', 'q', 'f')))
print(shlex.split('a "b c" d\\ e \'f\' # no', comments=True), shlex.quote("it's"), shlex.join(['a b', 'c']))
