# A property, static method or class method that wraps itself, asked whether it is abstract: python3.11 crashes.
# baton-only
for kind in (property, staticmethod, classmethod):
    itself = kind(len)
    itself.__init__(itself)
    try:
        itself.__isabstractmethod__
    except RecursionError as e:
        assert "maximum recursion depth exceeded" in str(e)
    else:
        raise AssertionError
