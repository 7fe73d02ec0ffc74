# Attributes that __init__ stores, of first and later instances: many, few, in bases, through other names than self, deleted again.


class Many:
    def __init__(self):
        self.a0 = self.a1 = self.a2 = self.a3 = self.a4 = self.a5 = self.a6 = self.a7 = 0
        self.b0, self.b1, self.b2 = 1, 2, 3
        for n in range(40):
            setattr(self, f'n{n}', n)
        self.last = 'last'

    def more(self):
        self.extra = 'extra'
        self.a0 += 1
        return self.a0, self.b2, self.n39, self.last, self.extra


class Base:
    def __init__(self):
        self.x = self.y = 1
        self.z = [self.x]


class Other:
    def __init__(this, that=None):
        this.p = this.q = 2
        that = that or this
        that.r = 3
        (lambda: setattr(this, 's', 4))()


class Both(Base, Other):
    def __init__(self, n):
        Base.__init__(self)
        Other.__init__(self)
        self.own = n
        if n > 1:
            self.sometimes = n

    def late(self):
        self.l1 = self.l2 = self.l3 = self.l4 = self.l5 = self.own
        return self.l5


class Slotted(Base):
    __slots__ = ('slot',)

    def __init__(self):
        self.slot = 'slot'
        super().__init__()


class Rest:
    def __init__(*args):
        args[0].v = 5


class Late:
    pass


def init(self):
    self.e1 = self.e2 = self.e3 = self.e4 = self.e5 = self.e6 = 6


Late.__init__ = init

for _ in range(3):
    print(Many().more(), len(vars(Many())))
    b = Both(_)
    print(vars(b), b.late(), len(vars(b)))
    del b.x
    print('x' in vars(b), b.y, b.l1, sorted(vars(b))[:4])
    s = Slotted()
    print(s.slot, vars(s), Rest().v, vars(Late()))


class Grows:
    def __init__(self, n):
        self.first = n
        for i in range(n):
            self.__dict__[f'd{i}'] = i


print([len(vars(Grows(n))) for n in (0, 5, 100)], vars(Grows(2)))
many = [Many() for _ in range(50)]
for i, m in enumerate(many):
    m.a3 = i
    m.new = -i
print(sum(m.a3 for m in many), sum(m.new for m in many), many[7].a3, many[7].b1)


try:
    class Twice(Base):
        __slots__ = ('__weakref__',)
except TypeError as e:
    print(e)
