# _curses and _curses_panel on a pseudo-terminal: what functions and methods answer, in which order they want to be called, and the
# wording of errors.
import fcntl
import os
import pty
import select
import struct
import sys
import termios


def program(report):
    import _curses
    import curses

    def t(name, f, *args):
        try:
            result = f(*args)
            if not isinstance(result, (int, bytes, str, tuple, type(None))):
                result = type(result)
            print(name, result, file=report)
        except Exception as e:
            print(name, type(e), e, file=report)

    def each(title, owner, calls):
        for name, *args in calls:
            t('%s: %s %d' % (title, name, len(args)), getattr(owner, name), *args)

    each('nothing begun', _curses, [
        ('beep',), ('color_pair', 1), ('tigetnum', 'cols'), ('tparm', b'x'), ('keyname', -1), ('newwin', 2, 2), ('napms', 1),
        ('update_lines_cols',), ('use_env', True), ('set_escdelay', 0), ('set_tabsize', 0), ('get_escdelay',), ('init_pair', 1, 2, 3),
        ('setupterm', 'no such terminal'), ('setupterm', 5), ('has_extended_color_support',), ('pair_content', 1), ('getsyx',)])
    curses.setupterm()
    each('terminal known', _curses, [
        ('tigetnum', 'cols'), ('tigetnum', 'nope'), ('tigetflag', 'bce'), ('tigetstr', 'cr'), ('tigetstr', 'x\0'), ('tigetnum', 1),
        ('tparm', b'%p1%d', 5), ('tparm', b'%p1%d\0', 5), ('tparm', 'x'), ('putp', 'x'), ('putp', b'x'), ('beep',)])
    screen = curses.initscr()  # CPython looks at its encoding for as long as it is there
    each('screen', _curses, [
        ('color_pair', 1), ('init_pair', 1, 2, 3), ('color_content', 1), ('pair_content', 1), ('use_default_colors',),
        ('keyname', 65), ('keyname', -5), ('keyname', 99999), ('newwin', -1, 2), ('newwin', 1), ('newwin', 1, 2, 3), ('newpad', -2, 1),
        ('getsyx',), ('setsyx', -1, -1), ('getsyx',), ('getmouse',), ('unctrl', 'ab'), ('unctrl', None), ('unctrl', b'ab'),
        ('unctrl', '\u20ac'), ('unctrl', 2**70), ('unctrl', -1), ('unctrl', '\n'), ('ungetch', 'ab'), ('unget_wch', 'ab'),
        ('unget_wch', None), ('unget_wch', 2**70), ('halfdelay', 0), ('halfdelay', 300), ('curs_set', 9), ('mousemask', -1),
        ('has_key', -1), ('longname',), ('termname',), ('termattrs',), ('resizeterm', 20, 70), ('is_term_resized', 20, 70),
        ('has_ic',), ('has_il',), ('getwin', 1), ('cbreak', 2, 3), ('cbreak', 'a'), ('echo',), ('qiflush',), ('noqiflush',),
        ('raw',), ('noraw',), ('napms', 1), ('endwin',), ('isendwin',), ('doupdate',), ('isendwin',), ('ungetmouse', 0, 1, 2, 0, 2),
        ('getmouse',), ('resize_term', 24, 80)])
    curses.start_color()
    each('colours', _curses, [
        ('color_pair', 1), ('color_pair', -1), ('init_pair', 1, 2, 3), ('init_pair', 1, -1, 3), ('init_pair', -1, 2, 3),
        ('init_pair', 99999999, 2, 3), ('init_pair', 1, 2, 999), ('init_pair', 1, 2**70, 3), ('init_color', 1, 1001, 0, 0),
        ('init_color', 1, -1, 0, 0), ('init_color', 1, 0, 0, 0), ('color_content', 1), ('color_content', -1), ('color_content', -2**70),
        ('color_content', 'a'), ('pair_content', 1), ('use_default_colors',), ('init_pair', 1, -1, -1), ('pair_number', 1 << 10)])
    win = curses.newwin(5, 12, 5, 2)
    bold = curses.A_BOLD
    each('window', win, [
        ('addch',), ('addch', 'ab'), ('addch', None), ('addch', b'ab'), ('addch', 1, 2, 3, 4, 5), ('addch', 99, 99, 'a'),
        ('addch', 99, 99, 65), ('addch', 2**70), ('addch', 1, 2, 'a', 'b'), ('addch', 'a', 2**70), ('addch', 2, 3, '\u20ac', bold),
        ('addstr',), ('addstr', 5), ('addstr', 99, 99, 'a'), ('addstr', 99, 99, b'a'), ('addstr', 'a\0b'), ('addstr', b'a\0b'),
        ('addstr', 4, 10, 'abcdef'), ('addstr', 1, 0, 'text', bold), ('addnstr', 'a'), ('addnstr', 99, 0, b'a', 2),
        ('addnstr', 0, 0, 'text', 2), ('insstr', 99, 0, 'a'), ('insstr', 0, 0, b'>'), ('insnstr', 99, 0, 'a', 1),
        ('insnstr', 99, 0, b'a', 1), ('insch', 99, 0, 'a'), ('insch', 1, 1, 'x'), ('inch', 1, 1), ('instr', 1, 0), ('instr', 0, 0, 4),
        ('move', 99, 99), ('move', 1), ('move', 'a', 1), ('border', []), ('box', 1), ('box', 'a', 'b'), ('instr', 0, 0),
        ('delch', 99, 99), ('delch', 1), ('derwin', 1), ('derwin', 99, 99), ('derwin', 2, 2, 1, 1), ('subwin', 99, 99), ('subpad', 1, 1),
        ('getch', 1), ('instr', -2), ('instr', 1, 2, 3, 4), ('getstr', -1), ('getstr', 1, 2, 3, 4), ('inch', 99, 99),
        ('is_linetouched', 99), ('mvwin', 99, 99), ('mvderwin', 1, 1), ('setscrreg', 9, 1), ('resize', -1, 2), ('scroll',),
        ('scroll', 1, 2), ('touchline', 99, 1), ('touchline', 1), ('hline', 'a'), ('hline', 'a', 5), ('hline', 99, 99, 'a', 5),
        ('vline', 'ab', 5), ('chgat',), ('chgat', 0), ('chgat', 99, 99, 0), ('chgat', 1, 1, 1, 1, 1), ('bkgd', 'ab'), ('bkgd', 65),
        ('bkgdset', '\u20ac'), ('getbkgd',), ('echochar', 'a'), ('echochar', '\u0114'), ('enclose', 6, 3), ('overlay', 1),
        ('overlay', win, 1), ('overwrite', win), ('refresh', 1), ('refresh', 1, 2, 3, 4, 5, 6), ('noutrefresh',), ('attron', 'a'),
        ('attroff', 2**70), ('attrset', bold), ('keypad', 1), ('keypad',), ('nodelay', 'x'), ('putwin', 1), ('getmaxyx',),
        ('getbegyx',), ('getparyx',), ('getyx',)])
    for key in 'yx\u20ac':
        curses.unget_wch(key)
    curses.flushinp()
    for key in reversed('one\ntwo'):
        curses.ungetch(key)
    each('keys', win, [('getstr',), ('getch',), ('getkey',), ('get_wch',), ('timeout', 0), ('getch',), ('getkey',), ('get_wch',)])
    pad = curses.newpad(10, 10)
    each('pad', pad, [
        ('refresh',), ('refresh', 0, 0, 0, 0, 5, 5), ('noutrefresh',), ('noutrefresh', 1, 1), ('refresh', -1, 0, 9, 9, 1, 1),
        ('subpad', 2, 2), ('subwin', 2, 2, 1, 1), ('derwin', 20, 20), ('mvwin', 1, 1)])
    t('encoding', setattr, win, 'encoding', 5)
    t('encoding', delattr, win, 'encoding')
    win.encoding = 'latin-1'
    t('background', win.bkgd, '\u20ac')
    t('background', win.bkgd, '\xe9')
    t('no class to call', type(win))
    t('nor to derive from', type, 'X', (type(win),), {})
    print(type(win), curses.error, curses.ncurses_version[:2], curses.version, curses.LINES, curses.COLS, file=report)
    print(sorted((k, v) for k, v in vars(_curses).items() if k.startswith(('ACS_', 'KEY_', 'A_'))), file=report)

    import curses.panel as panel
    t('panel', panel.new_panel, 5)
    shown = curses.newwin(3, 3)
    a, b = panel.new_panel(shown), panel.new_panel(curses.newwin(3, 4))
    t('stack', lambda: (panel.top_panel() is b, panel.bottom_panel() is a, a.above() is b, a.below(), b.above(), b.below() is a))
    each('panel', a, [
        ('top',), ('hide',), ('hidden',), ('show',), ('bottom',), ('userptr',), ('set_userptr', 'x'), ('userptr',), ('move', 99, 99),
        ('move', 1, 1), ('replace', 5), ('replace', curses.newwin(2, 2)), ('window',)])
    t('panel', panel.update_panels)
    t('panel', type(a))
    print(a.window() is shown, type(a), panel.error, panel.version, file=report)
    del b
    import gc
    gc.collect()
    t('one left', lambda: (panel.top_panel() is a, panel.bottom_panel() is a))
    # Windows die in any order, parts and wholes.
    for _ in range(300):
        outer = curses.newwin(5, 10)
        parts = [outer.derwin(2, 2, 1, i) for i in range(4)]
    del outer, parts
    gc.collect()
    t('after many', lambda: curses.newwin(2, 2).getmaxyx())
    del screen
    curses.endwin()


reader, writer = os.pipe()
child, terminal = pty.fork()
if child == 0:
    os.environ.update(TERM='xterm-256color')
    os.environ.pop('LINES', None)
    os.environ.pop('COLUMNS', None)
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    with open(writer, 'w', encoding='utf-8', errors='backslashreplace') as report:
        try:
            program(report)
        except BaseException as e:
            print('failed', repr(e), e.__traceback__.tb_next.tb_lineno, file=report)
    os._exit(0)
os.close(writer)
parts, open_ends = [], [reader, terminal]
while reader in open_ends:
    for end in select.select(open_ends, [], [], 30)[0] or open_ends:
        try:
            data = os.read(end, 65536)
        except OSError:  # the terminal's other end is closed
            data = b''
        if not data:
            open_ends.remove(end)
        elif end == reader:
            parts.append(data)
os.waitpid(child, 0)
sys.stdout.write(b''.join(parts).decode().encode('ascii', 'backslashreplace').decode())
