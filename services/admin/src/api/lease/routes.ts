import { Type } from "typebox";
import { LogKind } from "@tollgate/proto/quota/v1/usage_service";
import type { AdminContext } from "#admin-context.ts";
import { callerOf } from "#auth/caller.ts";
import type { Api } from "#http/api.ts";
import { page, pageOf, success, successOf } from "#http/envelope.ts";
import { listQuery, readRange } from "#http/list-query.ts";
import { toSafeNumber } from "#http/wire-number.ts";
import {
  journalIdFromWire,
  journalSchema,
  journalToWire,
  leaseSchema,
  leaseToWire,
} from "./wire.ts";

const tags = ["lease"];
const config = { access: "root" } as const;

const journalName = Type.Object({
  journal_id: Type.String({ minLength: 36, maxLength: 36, description: "UUID of the journal." }),
});

const pageQuery = Type.Object({ p: listQuery.p, page_size: listQuery.page_size });

const closedSchema = Type.Object({
  billed_calls: Type.Integer({ description: "Calls billed by their last shipped checkpoint." }),
  cost_nano: Type.String({ description: "What they cost, nano-USD." }),
  released_leases: Type.Integer(),
  released_nano: Type.String({ description: "What went back to balances, nano-USD." }),
});

/** What relays hold of users' money, and giving up a relay whose disk is gone, for root. */
export function registerLeaseRoutes(api: Api, { rpc }: AdminContext): void {
  api.get(
    "/lease/",
    {
      config,
      schema: {
        tags,
        summary: "Journals of relays with what they hold, the one heard of last first",
        querystring: pageQuery,
        response: { 200: pageOf(journalSchema) },
      },
    },
    async ({ query }) => {
      const range = readRange(query, {});
      const { journals, total } = await rpc.leases.listJournals({ range });
      return page(journals.map(journalToWire), range.withTotal ? toSafeNumber(total) : undefined);
    },
  );
  api.get(
    "/lease/:journal_id",
    {
      config,
      schema: {
        tags,
        summary: "The largest active leases of a journal, at most 1,000",
        params: journalName,
        response: { 200: successOf(Type.Array(leaseSchema)) },
      },
    },
    async ({ params }) => {
      const journalId = journalIdFromWire(params.journal_id);
      const { leases } = await rpc.leases.listLeases({ journalId });
      return success(leases.map(leaseToWire));
    },
  );
  registerForceClose(api, { rpc });
}

function registerForceClose(api: Api, { rpc }: Pick<AdminContext, "rpc">): void {
  api.post(
    "/lease/force_close",
    {
      config,
      schema: {
        tags,
        summary: "Give up a journal whose disk is gone: bill what is known, release the rest",
        description:
          "Refused while the journal's relay is heard of. Calls that show up later are billed, and marked late.",
        body: journalName,
        response: { 200: successOf(closedSchema) },
      },
    },
    async (request) => {
      const { user } = callerOf(request);
      const { journal_id: name } = request.body;
      const closed = await rpc.leases.forceCloseJournal({ journalId: journalIdFromWire(name) });
      const { billedCalls, releasedLeases } = closed;
      if (billedCalls + releasedLeases > 0) {
        const content = `Journal ${name} was given up: ${billedCalls} calls billed, ${releasedLeases} leases released`;
        try {
          await rpc.usage.appendActivity({ kind: LogKind.MANAGE, userId: user.id, content });
        } catch (error) {
          // The money has moved: a failed reply would hide what was done.
          request.log.error(
            { err: error, journal: name },
            "the log row of a closed journal was not written",
          );
        }
      }
      return success({
        billed_calls: billedCalls,
        cost_nano: closed.costNanos.toString(),
        released_leases: releasedLeases,
        released_nano: closed.releasedNanos.toString(),
      });
    },
  );
}
