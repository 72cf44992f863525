/**
 * What people do about members: say who looks after them, and act on many at once.
 *
 * @module
 */

import {
  AcknowledgeBody,
  AcknowledgeManyBody,
  BULK_BODY_LENGTH_MAX,
  ManySchema,
  PauseManyBody,
  TagsBody,
  TagsSchema,
} from "./care_schemas.ts";
import { json, type Operation } from "./operation.ts";
import { MemberSchema } from "./schemas.ts";

const MEMBER = json("The member's new state.", MemberSchema);
const MANY = json("The members' new state, and the members that were refused.", ManySchema);

/** The operations by their identity in the document. */
export const CARE_OPERATIONS = {
  acknowledgeMember: {
    method: "post",
    path: "/members/{id}/acknowledge",
    summary:
      "Says who looks after a member that is late, lost or gone. It stays until the member is heard " +
      "again, stops reminders, and is kept with the outage. A later call replaces it.",
    body: AcknowledgeBody,
    answer: MEMBER,
    problems: [400, 404, 409, 413, 422],
  },
  withdrawAcknowledgement: {
    method: "delete",
    path: "/members/{id}/acknowledge",
    summary: "Says that nobody looks after a member any more.",
    answer: MEMBER,
    problems: [404, 409],
  },
  acknowledgeMembers: {
    method: "post",
    path: "/members/acknowledge",
    summary: "Says who looks after several members; those that are well are refused one by one.",
    body: AcknowledgeManyBody,
    bodyLengthMax: BULK_BODY_LENGTH_MAX,
    answer: MANY,
    problems: [400, 413, 422],
  },
  getMemberTags: {
    method: "get",
    path: "/members/{id}/tags",
    summary:
      "Shows which tags of a member were set through the API, and which are in the settings.",
    answer: json("The member's tags.", TagsSchema),
    problems: [404, 409],
  },
  setMemberTags: {
    method: "post",
    path: "/members/{id}/tags",
    summary:
      "Replaces the tags that were set for a member through the API. They add to those of --tag, " +
      "stay over restarts and goodbyes, and end when somebody forgets the member.",
    body: TagsBody,
    answer: MEMBER,
    problems: [400, 404, 409, 413, 422, 503],
  },
  pauseMembers: {
    method: "post",
    path: "/members/pause",
    summary: "Begins the maintenance of several members; unknown ones are refused one by one.",
    body: PauseManyBody,
    bodyLengthMax: BULK_BODY_LENGTH_MAX,
    answer: MANY,
    problems: [400, 413, 422],
  },
} as const satisfies Readonly<Record<string, Operation>>;
