# _hashlib: constructors, names, HMAC, key derivation and the wording of errors.
# stress
import _hashlib
def t(f,*a,**k):
    try: r=f(*a,**k); print(f.__name__, a, k, repr(r).split('0x')[0])
    except BaseException as e: print(f.__name__,a,k,type(e).__name__, e)
t(_hashlib.hmac_new,b'k', None, 'sha1')
t(_hashlib.hmac_new,b'k')
t(_hashlib.hmac_new,b'k', b'', None)
t(_hashlib.hmac_new,b'k', b'', 3)
t(_hashlib.hmac_new,b'k', b'', _hashlib.openssl_sha1)
t(_hashlib.hmac_digest,b'k', b'', 'foo')
t(_hashlib.hmac_digest,b'k', b'', 'shake_128')
t(_hashlib.hmac_digest,b'k', b'', None)
t(_hashlib.hmac_digest,b'k', None, 'sha1')
t(_hashlib.hmac_new(b'k',b'','sha1').update,'a')
t(_hashlib.hmac_new(b'k',b'','sha1').update,3)
t(_hashlib.new,'sha1',None)
t(_hashlib.new,3)
t(_hashlib.new,'sha1\0')
t(_hashlib.openssl_sha1,3)
t(_hashlib.new('shake_128').digest,-1)
t(_hashlib.new('shake_128').digest,'a')
t(_hashlib.new('shake_128').digest)
t(_hashlib.new('shake_128').hexdigest,length=3)
t(_hashlib.pbkdf2_hmac,'sha1','a',b'b',1)
t(_hashlib.pbkdf2_hmac,'sha1',b'a',b'b',0)
t(_hashlib.pbkdf2_hmac,'sha1',b'a',b'b',2**31)
t(_hashlib.pbkdf2_hmac,'sha1',b'a',b'b',2**70)
t(_hashlib.pbkdf2_hmac,'sha1',b'a',b'b',1,0)
t(_hashlib.pbkdf2_hmac,'sha1',b'a',b'b',1,'a')
t(_hashlib.pbkdf2_hmac,'sha1',b'a',b'b',1,2**33)
t(_hashlib.pbkdf2_hmac,3,b'a',b'b',1,2**33)
t(_hashlib.pbkdf2_hmac,'shake_128',b'a',b'b',1)
t(_hashlib.pbkdf2_hmac,'sha256',b'a',b'b',1000)
t(_hashlib.scrypt,b'k',salt=b'a',n=16,r=8,p=1)
for k in (dict(salt=b'a',n=3),dict(salt=b'a',n=2),dict(salt=b'a',n=2.0),dict(salt=b'a',n=2,r=-1),dict(salt=b'a',n=2,r=1),dict(salt=b'a',n=2,r=1,p=1,maxmem=-1),dict(salt=b'a',n=2,r=1,p=1,dklen=0),dict(salt=b'a',n=2,r=1,p=1,dklen=2**33),dict(salt=b'a',n=2,r=1,p=1,dklen=2**73),dict(salt=b'a',n=2,r=1,p=2**60),dict(salt=b'a',n=2,r=1,p=2**20),dict(salt=None,n=2,r=1,p=2**20)):
    t(_hashlib.scrypt,b'k',**k)
for n in ('SHA1','MD5','Sha1','sha512-224','SHA512_224','BLAKE2b','blake2b512','sm3','SM3','ripemd','RIPEMD160','rmd160','shake128','SHAKE_128','SHAKE128','md5-sha1','sha3-256','SHA3_256','whirlpool','keccak-kmac-128','NULL'):
    try: print(n, _hashlib.new(n).name)
    except Exception as e: print(n,e)
h=_hashlib.new('shake_128'); print(repr(h)[:30], h.digest_size, h.block_size)
t(_hashlib.compare_digest,b'aa',b'aa')
t(_hashlib.compare_digest,b'aa',b'ab')
t(_hashlib.compare_digest,'aa','ab')
t(_hashlib.compare_digest,'aa','aé')
t(_hashlib.compare_digest,3,b'aa')
t(_hashlib.compare_digest,3,'b')
t(_hashlib.compare_digest,3,4)
t(_hashlib.compare_digest,b'aa','b')
t(_hashlib.get_fips_mode)
h=_hashlib.hmac_new(b'k', b'', 'sha3_256'); print(h.name,h.digest_size,h.block_size,type(h.copy()))
print(sorted(_hashlib.openssl_md_meth_names))
print(sorted(_hashlib._constructors.values()), type(_hashlib._constructors))
for c in (_hashlib.HASH,_hashlib.HASHXOF,_hashlib.HMAC):
    t(c)
    try: print(type('X',(c,),{}))
    except TypeError as e: print(e)

# Copies are independent; big and small updates agree; subclass instances of buffers are taken.
for name in ('md5', 'sha1', 'sha3_256', 'blake2b', 'shake_128'):
    for make in (lambda: _hashlib.new(name), lambda: _hashlib.hmac_new(b'k' * 200, b'', name)):
        try:
            whole = make()
        except ValueError:
            continue
        parts = make()
        data = bytes(range(256)) * 40
        whole.update(data)
        for i in range(0, len(data), 1000):
            parts.update(memoryview(data)[i:i + 1000])
        other = parts.copy()
        other.update(bytearray(b'x'))
        length = (7,) if name == 'shake_128' else ()
        print(name, whole.hexdigest(*length), whole.digest(*length) == parts.digest(*length), other.hexdigest(*length))
