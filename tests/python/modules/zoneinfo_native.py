"""zoneinfo: every zone of the installation over two centuries, both folds, changes of offset, caches, pickling, errors."""
import copy
import datetime as D
import hashlib
import io
import pickle
import random
import re
import zoneinfo
from zoneinfo import ZoneInfo

R = random.Random(4)
utc = D.timezone.utc
for key in sorted(zoneinfo.available_timezones()):
    zone, rows = ZoneInfo(key), []
    for year in range(1881, 2100, 3):
        d = D.datetime(year, R.randint(1, 12), R.randint(1, 28), R.randint(0, 23), R.randint(0, 59), R.randint(0, 59))
        u = d.replace(tzinfo=utc).astimezone(zone)
        rows.append((str(u), u.fold, u.tzname()))
        for fold in 0, 1:
            w = d.replace(tzinfo=zone, fold=fold)
            rows.append((w.utcoffset(), w.dst(), w.tzname()))
    print(key, hashlib.sha256(repr(rows).encode()).hexdigest())
for key in 'Europe/Berlin', 'Europe/Dublin', 'Australia/Lord_Howe', 'Africa/Casablanca', 'Pacific/Apia', 'Antarctica/Troll':
    zone = ZoneInfo(key)
    for year in 1970, 2011, 2024, 2037, 2050:
        d, last = D.datetime(year, 1, 1, tzinfo=utc), None
        while d.year == year:
            u = d.astimezone(zone)
            now = u.utcoffset(), u.fold, u.tzname(), u.dst()
            if now != last:
                print(key, d, u, now)
            last = now
            d += D.timedelta(minutes=30)


def t(f):
    try:
        print(re.sub('0x[0-9a-f]+', 'ADDRESS', repr(f())))
    except Exception as e:
        print(type(e).__name__, e)


b = ZoneInfo('Europe/Berlin')
with open('/usr/share/zoneinfo/Europe/Paris', 'rb') as f:
    data = f.read()
for f in [
    lambda: b, lambda: str(b), lambda: b.key, lambda: ZoneInfo, lambda: ZoneInfo('Europe/Berlin') is b,
    lambda: ZoneInfo.no_cache('Europe/Berlin') is b, lambda: ZoneInfo('No/Such'), lambda: ZoneInfo(3),
    lambda: ZoneInfo('../etc/passwd'), lambda: ZoneInfo('/usr'), lambda: ZoneInfo('a\0'), lambda: ZoneInfo('Europe'),
    lambda: pickle.loads(pickle.dumps(b)) is b, lambda: copy.copy(b) is b, lambda: copy.deepcopy(b) is b,
    lambda: ZoneInfo.from_file(io.BytesIO(data), key='x'), lambda: str(ZoneInfo.from_file(io.BytesIO(data), 'x')),
    lambda: ZoneInfo.from_file(io.BytesIO(b'x')), lambda: ZoneInfo.from_file(io.BytesIO(b'TZif')),
    lambda: pickle.dumps(ZoneInfo.from_file(io.BytesIO(data))), lambda: b.utcoffset(None),
    lambda: ZoneInfo('UTC').utcoffset(None), lambda: ZoneInfo('UTC').dst(None), lambda: b.utcoffset(3),
    lambda: b.tzname(D.datetime(2024,7,1)), lambda: b.fromutc(D.datetime(2024,1,1)), lambda: b.fromutc(3),
    lambda: b.fromutc(D.datetime(2024,10,27,1,30,tzinfo=b)), lambda: ZoneInfo.clear_cache(),
    lambda: ZoneInfo('Europe/Berlin') is b, lambda: ZoneInfo.clear_cache(only_keys=['Europe/Berlin']),
    lambda: setattr(b,'key','x'), lambda: b == ZoneInfo.no_cache('Europe/Berlin'), lambda: hash(b)==hash(b),
    lambda: isinstance(b, D.tzinfo), lambda: D.datetime(2024,1,1,tzinfo=b),
    lambda: D.datetime(2024,3,31,2,30,tzinfo=b).astimezone(D.timezone.utc), lambda: D.datetime.now(b).tzinfo,
    lambda: b.__reduce__(), lambda: len(zoneinfo.available_timezones())>500, lambda: zoneinfo.TZPATH,
    lambda: D.time(3,tzinfo=b), lambda: D.time(3,tzinfo=ZoneInfo('UTC')).isoformat(),
]:
    t(f)


class Z(ZoneInfo):
    pass


z = Z('Europe/Berlin')
print(z, repr(z), type(z), Z('Europe/Berlin') is z, z is b, Z.no_cache('UTC'), pickle.loads(pickle.dumps(z)) is z)
t(lambda: Z.from_file(io.BytesIO(data)).key)
for text in (b'PST8PDT', b'+11', b'GMT,M3.2.0/2,M11.1.0/3', b'STD+25', b'AAA4BBB,M13.3.0,M11.1.0',
             b'AAA4BBB,M3.6.0,M11.1.0', b'UTC0', b'<+03>-3', b'AAA4BBB', b'AAA4BBB,M3.2.0', b'AAA4BBB,M3.2.0,',
             b'AAA4BBB,M3.2.0,M11.1.0x', b'AAA4BBB,J0,J3', b'AAA4BBB,J366,J3', b'AAA4BBB5,0/0,J365/25',
             b'AAA4:30:15BBB,3,99', b'AAA', b'<AAA', b'A A4', b'AAA4<B>,3,4', b'AAA4+', b'AAA4BBB,M3.2.7,3'):
    head = data.rstrip(b'\n').rpartition(b'\n')[0]
    t(lambda: ZoneInfo.from_file(io.BytesIO(head + b'\n' + text + b'\n'), key='k').tzname(D.datetime(2060, 7, 1)))
