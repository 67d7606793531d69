import { type Journal, type Lease, holdersOf, journalLook } from "./lease";

const journal: Journal = {
  journal_id: "j",
  node: "relay-1",
  build: "1",
  epoch: 1,
  records: 0,
  last_seen: 1_000,
  held_nano: "5",
  leases: 1,
  open_calls: 0,
  force_closed_at: 0,
};

const lease: Lease = {
  epoch: 1,
  lease_no: 1,
  user_id: 1,
  token_id: 0,
  granted_nano: "9",
  held_nano: "9007199254740993",
  created_at: 1,
};

describe("a journal", () => {
  it("alarms when its relay is silent while it holds money, and only then", () => {
    const label = (change: Partial<Journal>, now: number): string =>
      journalLook({ ...journal, ...change }, now).label;
    expect(label({}, 1_059)).toBe("leases.state.alive");
    expect(label({}, 1_060)).toBe("leases.state.silent");
    expect(label({ leases: 0 }, 1_060)).toBe("leases.state.gone");
    expect(label({ leases: 0, force_closed_at: 1_050 }, 2_000)).toBe("leases.state.closed");
  });
});

describe("leases by owner", () => {
  it("are added up exactly, the largest owner first", () => {
    const holders = holdersOf([
      lease,
      { ...lease, lease_no: 2, user_id: 2, held_nano: "9007199254740995" },
      { ...lease, lease_no: 3, held_nano: "2" },
      { ...lease, lease_no: 4, user_id: 3, held_nano: "1" },
    ]);
    expect(holders.map(({ userId, held }) => [userId, held])).toEqual([
      [1, 9_007_199_254_740_995n],
      [2, 9_007_199_254_740_995n],
      [3, 1n],
    ]);
    expect(holders[0]?.leases).toHaveLength(2);
  });
});
