/**
 * What peers of other protocols send first, each character one byte.
 *
 * @module
 */

export const BINARY: readonly string[] = [
  // ZMTP, an older version of TLS, a record that is no hello.
  "\xff\0\0\0\0\0\0\0\x01\x7f",
  "\x16\x02\x01\0\x04\x01\0\0\0",
  "\x17\x03\x03\0\x04abcd",
  // HEV, SSH, words that are no methods.
  '{"type":"cmd","cmdtype":"GENERAL"}\n\n',
  "SSH-2.0-OpenSSH_9.2\r\n\r\n",
  "ABCDEFGHIJ KLM\n\n",
  "get / HTTP/1.0\r\n\r\n",
  " GET / HTTP/1.0\r\n\r\n",
  "\0\0\0\0",
];
