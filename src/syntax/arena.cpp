// Chunk management of Arena. Chunks double from 8 KiB to 256 KiB, so that a small eval() costs one small malloc.
#include "syntax/arena.h"

#include <cstdlib>

#include "base/check.h"

namespace baton::syntax {

static constexpr usize kFirstChunk = 8 << 10;
static constexpr usize kMaxChunk = 256 << 10;

void* Arena::allocate_slow(usize bytes) {
  usize size = chunks_ ? chunks_->size * 2 : kFirstChunk;
  if (size > kMaxChunk) size = kMaxChunk;
  bool dedicated = bytes + sizeof(Chunk) > size;
  if (dedicated) size = bytes + sizeof(Chunk);
  auto* chunk = static_cast<Chunk*>(malloc(size));
  BATON_CHECK(chunk != nullptr, "out of memory while parsing");
  total_ += size;
  char* start = reinterpret_cast<char*>(chunk + 1);
  if (dedicated && chunks_) {
    // An oversized block goes behind the current chunk, whose free tail stays in use.
    chunk->size = size < kMaxChunk ? size : kMaxChunk;
    chunk->next = chunks_->next;
    chunks_->next = chunk;
    return start;
  }
  chunk->size = size < kMaxChunk ? size : kMaxChunk;
  chunk->next = chunks_;
  chunks_ = chunk;
  limit_ = reinterpret_cast<char*>(chunk) + size;
  cursor_ = start + bytes;
  return start;
}

void Arena::release() {
  for (Chunk* chunk = chunks_; chunk;) {
    Chunk* next = chunk->next;
    free(chunk);
    chunk = next;
  }
  chunks_ = nullptr;
}

}  // namespace baton::syntax
