/**
 * The types of settings that name programs and stations.
 *
 * @module
 */

import { TAG_PATTERN, type TaggedName, TAGS_PER_MEMBER_MAX } from "../../core/member_tags.ts";
import { isAddress, withoutZone } from "../../wire/url/place.ts";
import { textType, type ValueType } from "./value_types.ts";

/** An expected program. */
export interface ExpectedProgram {
  readonly name: string;
  /** The address that it sends from, in text form. */
  readonly address: string;
}

/** The operator's name for the host at an address. */
export interface Station {
  readonly address: string;
  readonly name: string;
}

/** The longest name of a program in bytes, as on the wire. */
const NAME_BYTES_MAX = 512;
/** The longest name of a station in characters. */
const STATION_LENGTH_MAX = 100;
/** The default place of a program: the station itself. */
const OWN_ADDRESS = "127.0.0.1";

/** `NAME`, or `NAME @ ADDRESS` as `/list` gives it. */
export const expectedProgramType: ValueType<ExpectedProgram> = textType(
  "must be NAME, or 'NAME @ ADDRESS' with an IP address",
  (text) => {
    const cut = text.lastIndexOf(" @ ");
    const name = (cut < 0 ? text : text.slice(0, cut)).trim();
    const address = cut < 0 ? OWN_ADDRESS : text.slice(cut + " @ ".length).trim();
    const fits = name !== "" && new TextEncoder().encode(name).length <= NAME_BYTES_MAX;
    return fits && isAddress(address) ? { name, address: withoutZone(address) } : undefined;
  },
);

/** `ADDRESS=NAME`. */
export const stationType: ValueType<Station> = textType(
  "must be ADDRESS=NAME with an IP address",
  (text) => {
    const cut = text.indexOf("=");
    const address = text.slice(0, Math.max(cut, 0)).trim();
    const name = text.slice(cut + 1).trim();
    const fits = name !== "" && name.length <= STATION_LENGTH_MAX;
    return fits && isAddress(address) ? { address: withoutZone(address), name } : undefined;
  },
);

/** A headset, and the client that uses it. */
export interface Headset {
  readonly name: string;
  /** The ID or the address of a game client. */
  readonly client: string;
}

/** `HEADSET=CLIENT`. */
export const headsetType: ValueType<Headset> = textType(
  "must be HEADSET=CLIENT with a client's ID or address",
  (text) => {
    const [name = "", client, ...rest] = text.split("=").map((part) => part.trim());
    const isId = (part: string) => /^[A-Za-z0-9._:-]{1,64}$/.test(part);
    if (client === undefined || rest.length > 0) return undefined;
    return isId(name) && isId(client) ? { name, client } : undefined;
  },
);

/** `NAME=TAG,TAG`. */
export const tagsType: ValueType<TaggedName> = textType(
  "must be NAME=TAG,TAG with letters, digits and hyphens in each TAG",
  (text) => {
    // A name may hold "=", a tag never does.
    const cut = text.lastIndexOf("=");
    const name = text.slice(0, Math.max(cut, 0)).trim();
    const tags = text.slice(cut + 1).split(",").map((tag) => tag.trim());
    const fits = name !== "" && tags.length <= TAGS_PER_MEMBER_MAX &&
      new TextEncoder().encode(name).length <= NAME_BYTES_MAX;
    return fits && tags.every((tag) => TAG_PATTERN.test(tag)) ? { name, tags } : undefined;
  },
);
