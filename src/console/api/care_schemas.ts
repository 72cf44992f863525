/**
 * Schemas of what people do about members, one or many at once.
 *
 * @module
 */

import * as z from "zod/mini";
import { TAG_LENGTH_MAX, TAG_PATTERN, TAGS_PER_MEMBER_MAX } from "../../core/member_tags.ts";
import { MemberSchema, PauseBody } from "./schemas.ts";

/** Characters of the name of whoever looks after a member. */
export const HANDLER_LENGTH_MAX = 60;
/** Characters of the note beside that name. */
export const NOTE_LENGTH_MAX = 200;
/** The most members in one call. */
export const BULK_MEMBERS_MAX = 500;
/** The most characters in the body of such a call. */
export const BULK_BODY_LENGTH_MAX = 262_144;

const ids = z.array(z.string()).check(z.minLength(1), z.maxLength(BULK_MEMBERS_MAX));

/** Who looks after a member. */
export const AcknowledgeBody = z.strictObject({
  by: z.string().check(z.trim(), z.minLength(1), z.maxLength(HANDLER_LENGTH_MAX)),
  note: z.prefault(z.string().check(z.trim(), z.maxLength(NOTE_LENGTH_MAX)), ""),
});

/** Who looks after several members. */
export const AcknowledgeManyBody = z.extend(AcknowledgeBody, { ids });

/** A pause of several members. */
export const PauseManyBody = z.extend(z.omit(PauseBody, { expect: true }), { ids });

const tag = z.string().check(
  z.trim(),
  z.regex(TAG_PATTERN, `a tag is 1 to ${TAG_LENGTH_MAX} letters, digits and hyphens`),
);

/** The tags of one member, beside those of the settings. */
export const TagsBody = z.strictObject({
  tags: z.array(tag).check(z.maxLength(TAGS_PER_MEMBER_MAX)),
});

/** The tags of one member by where they come from. */
export const TagsSchema = z.strictObject({
  /** Those that were set through the API. */
  tags: z.array(z.string()),
  /** Those of `--tag`, which only the settings can change. */
  configured: z.array(z.string()),
});

/** The result of a call about several members. */
export const ManySchema = z.strictObject({
  /** The members for which it succeeded, in their new state. */
  members: z.array(MemberSchema),
  /** The members for which it failed, with the reasons. */
  refused: z.array(z.strictObject({ id: z.string(), detail: z.string() })),
});
