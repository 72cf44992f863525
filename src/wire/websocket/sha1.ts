/**
 * SHA-1 (FIPS 180-4), which the WebSocket handshake uses to show that it was understood. It protects
 * nothing there; the runtime's own digest would make a pure module wait.
 *
 * @module
 */

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const ROUNDS = 80;

/** The digest of some bytes, 20 bytes. */
export function sha1(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil((bytes.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const padded = new Uint8Array(blocks * BLOCK_BYTES);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  const bits = bytes.length * 8;
  view.setUint32(padded.length - 8, Math.floor(bits / 2 ** 32));
  view.setUint32(padded.length - 4, bits >>> 0);
  const hash = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0);
  const words = new Int32Array(ROUNDS);
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) {
    for (let round = 0; round < 16; round++) words[round] = view.getInt32(at + round * 4);
    addBlock(hash, words);
  }
  const digest = new DataView(new ArrayBuffer(20));
  hash.forEach((word, index) => digest.setInt32(index * 4, word));
  return new Uint8Array(digest.buffer);
}

function addBlock(hash: Int32Array, words: Int32Array): void {
  for (let round = 16; round < ROUNDS; round++) {
    words[round] = rotate(
      word(words, round - 3) ^ word(words, round - 8) ^ word(words, round - 14) ^
        word(words, round - 16),
      1,
    );
  }
  let [a, b, c, d, e] = hash as unknown as [number, number, number, number, number];
  for (let round = 0; round < ROUNDS; round++) {
    const mixed = (rotate(a, 5) + mix(round, b, c, d) + e + word(words, round)) | 0;
    [e, d, c, b, a] = [d, c, rotate(b, 30), a, mixed];
  }
  [a, b, c, d, e].forEach((value, index) => hash[index] = (word(hash, index) + value) | 0);
}

function mix(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

function word(words: Int32Array, index: number): number {
  return words[index] as number;
}
