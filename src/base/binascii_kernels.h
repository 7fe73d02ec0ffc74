// Byte-to-text encodings and checksums behind the binascii module. Decoders report binascii.Error texts of CPython 3.11.
#pragma once
#include "base/text_buffer.h"
#include "base/types.h"

namespace baton {

// ---- checksums ----
u32 crc32(u32 crc, const u8* data, usize size);      // zlib.crc32, binascii.crc32; start with 0
u32 crc_hqx(u32 crc, const u8* data, usize size);    // CRC-CCITT, 16 bits
u32 adler32(u32 value, const u8* data, usize size);  // start with 1

// ---- hex ----
void hex_encode(u8* out /* 2 * size */, const u8* data, usize size);
// With a separator between groups of |bytes_per_group| bytes, counted from the right end if positive, from the left if negative.
// hex_encoded_size tells the output size; 0 groups nothing.
usize hex_encoded_size(usize size, i64 bytes_per_group);
void hex_encode_grouped(u8* out, const u8* data, usize size, u8 separator, i64 bytes_per_group);
// False: an odd length ("Odd-length string") or no hex digit ("Non-hexadecimal digit found"); the caller tells them apart by
// length.
bool hex_decode(u8* out /* size / 2 */, const u8* data, usize size);

// ---- base64 ----
enum class Base64Newline : u8 { kNone, kAppend };
void base64_encode(ByteBuffer& out, const u8* data, usize size, Base64Newline newline);
enum class Base64Mode : u8 { kLenient, kStrict };
// Null if all is well. kBase64TooMany stands for "Invalid base64-encoded string: number of data characters (%zd) cannot be 1 more
// than a multiple of 4", whose number is *data_chars.
extern const char kBase64TooMany[];
const char* base64_decode(ByteBuffer& out, const u8* data, usize size, Base64Mode mode, usize* data_chars);

// ---- uu: one line ----
// False: more than 45 bytes ("At most 45 bytes at once").
bool uu_encode(ByteBuffer& out, const u8* data, usize size, bool backtick);
const char* uu_decode(ByteBuffer& out, const u8* data, usize size);  // null, "Illegal char" or "Trailing garbage"

// ---- quoted-printable ----
void qp_decode(ByteBuffer& out, const u8* data, usize size, bool header);
void qp_encode(ByteBuffer& out, const u8* data, usize size, bool quote_tabs, bool is_text, bool header);

}  // namespace baton
