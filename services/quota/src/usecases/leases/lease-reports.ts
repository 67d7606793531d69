import type { NanoUsd } from "@tollgate/kit/money/nano-usd";

/** One lease as its relay told it with the last beat. */
export interface LeaseReport {
  readonly leaseNo: number;
  /** Neither used nor reserved. */
  readonly freeNanos: NanoUsd;
  /** Nano-USD spent per second. */
  readonly spendRateNanos: NanoUsd;
}

/** A lease within all journals. */
export interface ReportedLease {
  readonly journalId: Uint8Array;
  readonly epoch: number;
  readonly leaseNo: number;
}

/** What relays with a session at this replica last said of their leases. Memory only: it decides who is asked, not about money. */
export interface LeaseReports {
  readonly put: (owner: Omit<ReportedLease, "leaseNo">, reports: readonly LeaseReport[]) => void;
  readonly find: (lease: ReportedLease) => LeaseReport | undefined;
  /** The lease was asked to keep only this much: until the next beat it is taken to have no more. */
  readonly keepOnly: (lease: ReportedLease, keepNanos: NanoUsd) => void;
}

interface Told {
  readonly epoch: number;
  readonly reports: readonly LeaseReport[];
  /** Made when somebody looks for a lease, which is rare. */
  byNumber: Map<number, LeaseReport> | undefined;
}

const journalsMax = 10_000;

/** Starts without reports: relays beat every second. */
export function createLeaseReports(): LeaseReports {
  const told = new Map<string, Told>();
  const reportsOf = ({ journalId, epoch }: ReportedLease): Map<number, LeaseReport> | undefined => {
    const known = told.get(nameOf(journalId));
    if (known === undefined || known.epoch !== epoch) {
      return undefined;
    }
    known.byNumber ??= new Map(known.reports.map((report) => [report.leaseNo, report]));
    return known.byNumber;
  };
  return {
    put({ journalId, epoch }, reports) {
      const name = nameOf(journalId);
      if (told.size >= journalsMax && !told.has(name)) {
        told.clear();
      }
      told.set(name, { epoch, reports, byNumber: undefined });
    },
    find: (lease) => reportsOf(lease)?.get(lease.leaseNo),
    keepOnly(lease, keepNanos) {
      const reports = reportsOf(lease);
      const report = reports?.get(lease.leaseNo);
      if (report !== undefined) {
        reports?.set(lease.leaseNo, { ...report, freeNanos: keepNanos });
      }
    },
  };
}

function nameOf(journalId: Uint8Array): string {
  return Buffer.from(journalId).toString("latin1");
}
