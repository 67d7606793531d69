/** I10: handing a whole journal over again changes nothing, not even if the mark that says how far it was applied is lost. */
import { packRecords } from "../../services/relay/src/ledgering/pack-records.ts";
import { shipFromWire } from "../../services/quota/src/rpc/wire-session.ts";
import { create } from "@bufbuild/protobuf";
import { ShipRequestSchema } from "@tollgate/proto/quota/v1/session_service";
import type { Database } from "@tollgate/kit/sql/database";
import { journalIdOf } from "./cast.ts";
import { readPayloads } from "./journal-mirror.ts";
import type { OraclePorts, Violation } from "./oracle.ts";
import type { SimulatedQuota } from "./simulated-quota.ts";

const recordsMax = 1000;

export async function checkReplay(
  { database, relays }: OraclePorts,
  quotas: readonly SimulatedQuota[],
): Promise<readonly Violation[]> {
  const [quota] = quotas;
  const useCases = quota?.useCases();
  if (useCases === undefined) {
    return ["I14 quota is down"];
  }
  const before = await readState(database);
  await database.execute("update journals set hwm = 0");
  for (const relay of relays) {
    const journalId = journalIdOf(relay.index);
    const payloads = readPayloads(relay.disk.contents());
    const epoch = epochOf(relay.disk.contents());
    for (let fromSeq = 0; fromSeq < payloads.length; fromSeq += recordsMax) {
      const records = payloads.slice(fromSeq, fromSeq + recordsMax);
      const request = create(ShipRequestSchema, {
        journalId,
        epoch,
        fromSeq: BigInt(fromSeq),
        nextSeq: BigInt(fromSeq + records.length),
        packedRecords: packRecords(records),
      });
      await useCases.shipRecords(shipFromWire(request));
    }
  }
  const after = await readState(database);
  return after === before
    ? []
    : [`I10 a journal handed over again changes\n${before}\nto\n${after}`];
}

function epochOf(disk: ReadonlyMap<string, Buffer>): number {
  const text = [...disk].find(([path]) => path.endsWith("identity.json"))?.[1].toString() ?? "{}";
  const identity: unknown = JSON.parse(text);
  return typeof identity === "object" && identity !== null && "epoch" in identity
    ? Number(identity.epoch)
    : 0;
}

async function readState(database: Database): Promise<string> {
  const questions = [
    "select user_id, posted_nanos, held_nanos, used_nanos, request_count from wallets order by user_id",
    "select key_id, used_nanos, held_nanos from key_caps order by key_id",
    "select count(*) as n, sum(cost_nanos) as cost from usage_log",
    "select sum(requests) as n, sum(cost_nanos) as cost from usage_hour",
    "select count(*) as n, sum(abs(amount_nanos)) as moved from ledger_entries where user_id <> 0 and amount_nanos <> 0",
  ];
  const answers: string[] = [];
  for (const sql of questions) {
    const rows = await database.query(sql);
    answers.push(
      JSON.stringify(rows, (_key, value: unknown) =>
        typeof value === "bigint" ? `${value}` : value,
      ),
    );
  }
  return answers.join("\n");
}
