/**
 * A host's report on itself and its members.
 *
 * All times are durations at the moment of writing, because no host trusts another host's clock.
 *
 * @module
 */

import type { DocumentHead } from "../../core/fleet_picture.ts";
import { type Condition, CONDITIONS, VERDICT_WORDS } from "../../core/verdict.ts";
import { concatenate } from "../bytes/concatenate.ts";
import { readCounts } from "./beat.ts";
import {
  type Fields,
  FLEET_VERSION,
  type FleetViolation,
  isCount,
  isFields,
  isFleetViolation,
  isOneOf,
  isText,
  malformed,
  readFields,
} from "./fields.ts";

/** The longest document in bytes. */
export const DOCUMENT_BYTES_MAX = 65_536;
/** The most members that a document lists; it only counts the others. */
export const DOCUMENT_MEMBERS_MAX = 1_000;
/** Longest identity of a member, in UTF-16 code units. */
export const MEMBER_ID_LENGTH_MAX = 1_024;
/** Longest of the other texts, in UTF-16 code units; longer ones are cut. */
export const DOCUMENT_TEXT_LENGTH_MAX = 512;

/** A member in a document. */
export interface DocumentMember {
  /** `PROTOCOL/IDENTITY`. */
  readonly id: string;
  readonly name: string;
  /** The operator's name for the place where it stands; null if there is none. */
  readonly station: string | null;
  readonly state: Condition;
  /** How long it has been in this state, in milliseconds. */
  readonly forMs: number;
}

/** A host's document. */
export interface HostDocument extends DocumentHead {
  /** The listed members, those in the worst state first. */
  readonly members: readonly DocumentMember[];
}

/** Writes a document; members that do not fit are only counted. */
export function encodeDocument(document: HostDocument): Uint8Array {
  const listed = document.members.slice(0, DOCUMENT_MEMBERS_MAX);
  // Find how many members fit by binary search: at most ten tries.
  let fits = 0;
  let tooMany = listed.length + 1;
  let best = write(document, []);
  while (tooMany - fits > 1) {
    const tried = fits === 0 && tooMany === listed.length + 1
      ? listed.length
      : Math.floor((fits + tooMany) / 2);
    const bytes = write(document, listed.slice(0, tried));
    if (bytes.length > DOCUMENT_BYTES_MAX) {
      tooMany = tried;
    } else {
      fits = tried;
      best = bytes;
    }
  }
  return best;
}

function write(document: HostDocument, members: readonly DocumentMember[]): Uint8Array {
  const { epoch, seq, version, url, label, verdict, headline, counts } = document;
  return new TextEncoder().encode(JSON.stringify({
    v: FLEET_VERSION,
    epoch,
    seq,
    version: version.slice(0, DOCUMENT_TEXT_LENGTH_MAX),
    ...(url === null ? {} : { url: url.slice(0, DOCUMENT_TEXT_LENGTH_MAX) }),
    ...(label === null ? {} : { label: label.slice(0, DOCUMENT_TEXT_LENGTH_MAX) }),
    verdict,
    headline: headline.slice(0, DOCUMENT_TEXT_LENGTH_MAX),
    counts: Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    members: members.map(writeMember),
  }));
}

/** Omits the values of a healthy member without a station, because most members are like that. */
function writeMember({ id, name, station, state, forMs }: DocumentMember): Fields {
  return {
    id: id.slice(0, MEMBER_ID_LENGTH_MAX),
    name: name.slice(0, DOCUMENT_TEXT_LENGTH_MAX),
    ...(station === null ? {} : { station: station.slice(0, DOCUMENT_TEXT_LENGTH_MAX) }),
    ...(state === "ok" ? {} : { state }),
    forMs: Math.max(0, Math.round(forMs)),
  };
}

/**
 * Reads what a document says about the host itself, without its members: they are most of it, and
 * most documents are never asked for them.
 */
export function decodeDocumentHead(bytes: Uint8Array): DocumentHead | FleetViolation {
  // Every writer puts the members last, so that what follows them is no part of the head.
  const end = bytes.length > DOCUMENT_BYTES_MAX ? undefined : startOfMembers(bytes);
  if (end !== undefined) {
    const fields = readFields(concatenate([bytes.subarray(0, end), BRACE]), DOCUMENT_BYTES_MAX);
    const head = isFleetViolation(fields) ? fields : readHead(fields as Fields);
    if (!isFleetViolation(head)) return head;
  }
  const document = decodeDocument(bytes);
  if (isFleetViolation(document)) return document;
  const { members: _, ...head } = document;
  return head;
}

/** What stands before the members; in a text of JSON, the quotation marks would be escaped. */
const MEMBERS = new TextEncoder().encode(',"members":[');
const BRACE = new TextEncoder().encode("}");

function startOfMembers(bytes: Uint8Array): number | undefined {
  for (let at = bytes.indexOf(COMMA); at >= 0; at = bytes.indexOf(COMMA, at + 1)) {
    if (MEMBERS.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return undefined;
}

const COMMA = 0x2c;

/** Reads a document. */
export function decodeDocument(bytes: Uint8Array): HostDocument | FleetViolation {
  const fields = readFields(bytes, DOCUMENT_BYTES_MAX);
  if (isFleetViolation(fields)) return fields;
  const head = readHead(fields as Fields);
  if (isFleetViolation(head)) return head;
  const { members } = fields as Fields;
  if (!Array.isArray(members) || members.length > DOCUMENT_MEMBERS_MAX) {
    return malformed(`members are a list of at most ${DOCUMENT_MEMBERS_MAX}`);
  }
  const read: DocumentMember[] = [];
  for (const each of members) {
    const member = readMember(each);
    if (member === undefined) return malformed(`member ${read.length + 1}`);
    read.push(member);
  }
  return { ...head, members: read };
}

function readHead(fields: Fields): DocumentHead | FleetViolation {
  const { epoch, seq, version, url = null, label = null, verdict, headline } = fields;
  if (!isCount(epoch) || !isCount(seq)) return malformed("epoch and seq are whole numbers");
  if (!isOneOf(VERDICT_WORDS, verdict)) return malformed("unknown verdict");
  if (!isShort(version) || !isShort(headline)) return malformed("version and headline are texts");
  if (!isShortOrNull(url) || !isShortOrNull(label)) return malformed("url and label are texts");
  const counts = readCounts(fields["counts"]);
  if (counts === undefined) return malformed("counts of members");
  return { epoch, seq, version, url, label, verdict, headline, counts };
}

function readMember(value: unknown): DocumentMember | undefined {
  if (!isFields(value)) return undefined;
  const { id, name, station = null, state = "ok", forMs } = value;
  const isRight = isText(id, MEMBER_ID_LENGTH_MAX) && isShort(name) && isShortOrNull(station) &&
    isOneOf(CONDITIONS, state) && isCount(forMs);
  return isRight ? { id, name, station, state, forMs } : undefined;
}

function isShort(value: unknown): value is string {
  return isText(value, DOCUMENT_TEXT_LENGTH_MAX);
}

function isShortOrNull(value: unknown): value is string | null {
  return value === null || isShort(value);
}
