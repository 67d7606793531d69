import type { BulkInsert, SqlPool, SqlRow, SqlSession, SqlValue } from "./sql-session.ts";

interface NativeResult {
  readonly rows: readonly SqlRow[];
  readonly rowCount: number | null;
}

/** The part of a pg client used here. */
interface NativeClient {
  query(query: {
    readonly name?: string;
    readonly text: string;
    readonly values: readonly unknown[];
  }): Promise<NativeResult>;
  release(isBroken?: boolean): void;
}

/** The part of a pg pool used here. */
export interface NativePostgresqlPool {
  connect(): Promise<NativeClient>;
}

const preparedMax = 500;
const rowsPerStatement = 250;

// Serialization failure, deadlock, lock not available.
const transientStates: ReadonlySet<unknown> = new Set(["40001", "40P01", "55P03"]);

interface Prepared {
  readonly text: string;
  /** Absent when the server shall not keep the statement. */
  readonly name?: string;
}

/** Lends connections of a pg pool. Statements are prepared once per connection, up to 500 different ones. */
export function createPostgresqlPool(native: NativePostgresqlPool): SqlPool {
  const known = new Map<string, Prepared>();

  function prepare(sql: string): Prepared {
    const prepared = known.get(sql);
    if (prepared !== undefined) {
      return prepared;
    }
    const text = numberPlaceholders(sql);
    if (known.size >= preparedMax) {
      return { text };
    }
    const made = { text, name: `s${known.size}` };
    known.set(sql, made);
    return made;
  }

  return {
    async use(work) {
      const client = await native.connect();
      let isClean = true;
      const control = async (text: string): Promise<void> => {
        try {
          await client.query({ text, values: [] });
        } catch (error) {
          // Adds a fact: whether a transaction is open on this connection is now unknown.
          isClean = false;
          throw error;
        }
      };
      const session: SqlSession = {
        async run(sql, parameters) {
          const { rows, rowCount } = await client.query({ ...prepare(sql), values: parameters });
          return { affectedRows: rowCount ?? rows.length, rows };
        },
        async insert(bulk) {
          for (const { sql, values, isFull } of statementsOf(bulk)) {
            // Only full statements come again and are worth keeping prepared.
            await client.query({
              ...(isFull ? prepare(sql) : { text: numberPlaceholders(sql) }),
              values,
            });
          }
        },
        begin: async () => control("begin isolation level read committed"),
        commit: async () => control("commit"),
        rollback: async () => control("rollback"),
      };
      try {
        return await work(session);
      } finally {
        client.release(!isClean);
      }
    },
    isTransient: (error) =>
      error instanceof Error && "code" in error && transientStates.has(error.code),
  };
}

function* statementsOf({ head, row, tail, rows }: BulkInsert): Generator<{
  readonly sql: string;
  readonly values: readonly SqlValue[];
  readonly isFull: boolean;
}> {
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    const chunk = rows.slice(start, start + rowsPerStatement);
    const sql = `${head}${chunk.map(() => row).join(", ")}${tail}`;
    yield { sql, values: chunk.flat(), isFull: chunk.length === rowsPerStatement };
  }
}

/** `?` becomes `$1`, `$2` and so on; quoted texts and names are left alone. */
export function numberPlaceholders(sql: string): string {
  let count = 0;
  return sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\?/gu, (part) => {
    if (part !== "?") {
      return part;
    }
    count += 1;
    return `$${count}`;
  });
}
