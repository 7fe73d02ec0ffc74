// What the CJK codec modules share: a codec's two step functions, and the MultibyteCodec object around it.
#pragma once
#include "base/text_buffer.h"
#include "objects/bytes.h"
#include "objects/str.h"

namespace baton {

struct CjkCodec;
// Takes one character's bytes from [in, in + left): > 0: so many were used; 0: there must be more; -n: n bytes are illegal.
using CjkDecodeStep = int (*)(const CjkCodec& codec, u64* state, const u8* in, usize left, StrBuilder& out);
// Encodes c (followed by next, if has_next): > 0: characters used; 0: what follows must be known; -1: there is no code.
using CjkEncodeStep = int (*)(const CjkCodec& codec, u64* state, u32 c, u32 next, bool has_next, bool flush, ByteBuffer& out);

// Writes what returns from a state to the initial one.
using CjkReset = void (*)(u64* state, ByteBuffer& out);

struct CjkTable;
struct CjkEncodeOnly {
  u32 character, code;
  u32 size;  // bytes; 0 ends the list
};
struct CjkCodec {
  const char* name;
  CjkDecodeStep decode;
  CjkEncodeStep encode;
  const CjkTable* table;            // codes of two bytes
  const CjkTable* second;           // after 0x8F, or null
  const CjkTable* second_fallback;  // the same, where the second has nothing
  const u16* singles;               // by byte: the character, 0: begins a longer code, 0xFFFF: illegal
  const CjkEncodeOnly* encode_only;
  CjkReset reset;         // null: a codec without states
  const CjkTable* later;  // a later edition, or null: a code that only that one has is an error of two bytes
  // What getstate() shows for the state 0: states are shown as differences to it.
  u64 shown_encoder_state = 0, shown_decoder_state = 0;
};

// Character sets of two bytes of seven bits each, for ISO 2022.
enum class CjkSet : u8 {
  JisX0208,
  JisX0212,
  KsX1001,
  Gb2312,
  JisX0213First2000,
  JisX0213Second2000,
  JisX0213First,
  JisX0213Second
};
bool cjk_set_decode(CjkSet set, u32 lead, u32 trail, StrBuilder& out);
// The code of c; 0: there is none. *used = 0: what follows must be known.
u32 cjk_set_encode(CjkSet set, u32 c, u32 next, bool has_next, bool flush, int* used);

extern const CjkCodec cjk_codecs_iso2022[], cjk_codecs_cn[], cjk_codecs_hk[], cjk_codecs_jp[], cjk_codecs_kr[],
    cjk_codecs_tw[];  // end: null name
Result<Value> make_multibyte_codec(Thread& thread, const CjkCodec& codec);

}  // namespace baton
