# A helper of the scripts about what threads share: functions that run at once.
import threading


def together(*functions):
    """Runs each in a thread of its own; fails if one of them raises."""
    errors = []

    def run(function):
        try:
            function()
        except BaseException as error:
            errors.append(error)
            raise
    threads = [threading.Thread(target=run, args=(f,)) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not errors, errors
