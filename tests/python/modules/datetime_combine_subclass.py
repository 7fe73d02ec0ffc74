# combine() of a subclass makes its instance by a call, without fold.
import datetime


class Moment(datetime.datetime):
    def __new__(cls, *args, **kwargs):
        print(args, kwargs)
        return super().__new__(cls, *args, **kwargs)


day, second_time = datetime.date(2020, 11, 1), datetime.time(1, 30, fold=1)
for cls in datetime.datetime, Moment:
    for zone in (), (datetime.timezone.utc,):
        moment = cls.combine(day, second_time, *zone)
        print(repr(moment), moment.fold)
print(Moment(2020, 11, 1, fold=1).replace(hour=2).fold)
