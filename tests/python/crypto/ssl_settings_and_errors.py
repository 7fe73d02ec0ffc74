# _ssl: settings, arguments, and the wording of errors, also of operations that fail without a peer.
import builtins
import gc
import os
import re
import socket
import ssl
import warnings

import _ssl


def print(*args):
    """Without the line of _ssl.c, which differs among Debian's updates of CPython."""
    builtins.print(re.sub(r'_ssl\.c:\d+', '_ssl.c', ' '.join(map(str, args))))


if not os.path.exists("plain.txt"):
    with open("plain.txt", "w") as f:
        f.write("no certificate at all\n" * 20)
warnings.simplefilter('error')
def t(f,*a,**k):
    try: print(getattr(f,'__name__',f),a,k,f(*a,**k))
    except BaseException as e: print(getattr(f,'__name__',f),a,k,type(e).__name__, e.args, getattr(e,'errno',None), getattr(e,'reason',None), getattr(e,'library',None))
c=_ssl._SSLContext(17)
def d(n):
    try: delattr(c,n); print('ok')
    except BaseException as e: print('del',n,type(e).__name__,e)
for n in ('options','sni_callback','verify_mode','num_tickets','check_hostname','minimum_version'): d(n)
t(c.set_ciphers,'foo'); t(c.set_ciphers,3); t(c.set_ciphers,''); t(c._set_alpn_protocols,b'\x03abc'); t(c._set_alpn_protocols,3)
t(c.load_cert_chain,'/nonexistent'); t(c.load_cert_chain,3); t(c.load_cert_chain,'plain.txt'); t(c.load_cert_chain,'plain.txt',3); t(c.load_cert_chain,'plain.txt',password=3)
t(c.load_dh_params,'/nonexistent'); t(c.load_dh_params,3); t(c.load_dh_params,'plain.txt')
t(c.load_verify_locations); t(c.load_verify_locations,3); t(c.load_verify_locations,capath=3); t(c.load_verify_locations,cadata=3); t(c.load_verify_locations,cadata=''); t(c.load_verify_locations,cadata='foo'); t(c.load_verify_locations,cadata=b'foo'); t(c.load_verify_locations,cadata='é');t(c.load_verify_locations,'/nonexistent'); t(c.load_verify_locations,'plain.txt');t(c.load_verify_locations,cadata=b'')
t(c.set_ecdh_curve,'foo'); t(c.set_ecdh_curve,b'prime256v1'); t(c.set_ecdh_curve,3); t(c.cert_store_stats); t(c.session_stats); t(c.get_ca_certs); print(c.get_ciphers())
t(c.set_default_verify_paths)
m=_ssl.MemoryBIO(); t(_ssl.MemoryBIO,3); t(_ssl.MemoryBIO,a=3); t(m.read); t(m.write,b'abc'); t(m.read,2); t(m.write_eof); t(m.write,b'x'); print(m.eof,m.pending); t(m.read,-5); print(m.eof); t(m.write,'x'); t(m.read,'a')
t(_ssl.SSLSession); t(_ssl.Certificate)
t(_ssl.RAND_add,'é',1.0); t(_ssl.RAND_add,b'a',1); t(_ssl.RAND_add,3,1); t(_ssl.RAND_bytes,-1); t(_ssl.RAND_bytes,'a'); t(_ssl.RAND_pseudo_bytes,2); t(_ssl.RAND_status)
t(_ssl.txt2obj,'foo'); t(_ssl.txt2obj,'MD2',True); t(_ssl.txt2obj,3); t(_ssl.nid2obj,-1); t(_ssl.nid2obj,0); t(_ssl.nid2obj,100000); t(_ssl.nid2obj,'a'); t(_ssl._test_decode_cert,'/nonexistent'); t(_ssl._test_decode_cert,'plain.txt')
c=_ssl._SSLContext(16)
a,b=socket.socketpair()
warnings.simplefilter('ignore')
def w(*x,**k):
    try: print(x[1:],k,type(c._wrap_socket(*x,**k)))
    except BaseException as e: print(x[1:],k,type(e).__name__,e.args)
w(3,False); w(a,True); w(a,False,''); w(a,False,'.foo'); w(a,False,'a\0b'); w(a,False,3); w(a,False,'é'); w(a,False,'foo',session=3); w(a,False,'foo',owner=3)
t(c._wrap_bio,3,4,False)
c2=_ssl._SSLContext(17);
try: c2._wrap_socket(a,False)
except BaseException as e: print(e.args)
o=c._wrap_socket(a,False,'foo'); print(o.cipher(),o.version(),o.compression(),o.selected_alpn_protocol(),o.pending(),o.server_side,o.server_hostname,o.session,o.session_reused,o.owner,o.shared_ciphers()); t(o.getpeercert); t(o.get_channel_binding); t(o.get_channel_binding,'foo'); t(o.get_unverified_chain); t(o.get_verified_chain); t(o.shutdown); t(o.verify_client_post_handshake); t(o.read); t(o.read,-1); t(o.read,1,3); t(o.read, 0);t(o.read,1,b'a'); t(o.read,'a')
def s(n,v):
    try: setattr(o,n,v); print(n,v,getattr(o,n))
    except BaseException as e: print(n,v,type(e).__name__,e)
s('context',3); s('session',3); s('owner',3); s('server_side',1)
a.settimeout(0.05)
t(o.do_handshake); t(o.read,1); t(o.write,b'1')
a.settimeout(0)
t(o.do_handshake); t(o.read,1); t(o.write,b'1')
b.send(b'xxxxxxxxxxxxxxxxxxxxxx'); t(o.do_handshake)
print('eof')
a,b=socket.socketpair(); o=c._wrap_socket(a,False,'foo'); b.close(); t(o.do_handshake);
a.close();t(o.do_handshake);t(o.write,b'a'); t(o.shutdown)
print('closed')
a,b=socket.socketpair(); o=c._wrap_socket(a,False,'foo'); a.settimeout(.1);a.close(); t(o.do_handshake); t(o.write,b'a'); t(o.read,1); t(o.shutdown)
a,b=socket.socketpair(); o=c._wrap_socket(a,False,'foo'); del a; gc.collect(); t(o.do_handshake); t(o.read,1); t(o.write,b'1'); t(o.shutdown)
print('bio')
a,b=_ssl.MemoryBIO(),_ssl.MemoryBIO(); o=c._wrap_bio(a,b,False,'foo'); t(o.do_handshake); t(o.read,3); t(o.write,b''); a.write_eof(); t(o.do_handshake); t(o.shutdown)
for k in sorted(vars(_ssl)):
    v = getattr(_ssl, k)
    if isinstance(v, (int, str, tuple, bool)) and not k.startswith('__') and k != '_OPENSSL_API_VERSION':
        print(k, v)
print(len(_ssl.err_codes_to_names) > 1000, _ssl.err_names_to_codes['CERTIFICATE_VERIFY_FAILED'], _ssl.lib_codes_to_names[20])
print(ssl.SSLCertVerificationError.__mro__, ssl.SSLError(1, 'foo'), ssl.SSLError('x'), repr(ssl.SSLError(1, 'foo')))
print(str(ssl.SSLError()), ssl.SSLError.__str__, ssl.SSLError.__module__, ssl.SSLError.__doc__)
