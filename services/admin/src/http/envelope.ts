import { type TSchema, Type } from "typebox";

/** One API's envelope around a reply without data. */
export interface Done {
  success: true;
  message: string;
}

/** One API's envelope around data. */
export interface Success<Data> extends Done {
  data: Data;
}

/** A page of a list; `total` is there when the client named a page size. */
export interface Page<Row> extends Success<Row[]> {
  total?: number;
}

/** A reply without data. */
export function done(): Done {
  return { success: true, message: "" };
}

/** A reply with data. */
export function success<Data>(data: Data): Success<Data> {
  return { success: true, message: "", data };
}

/** A page of a list. */
export function page<Row>(rows: Row[], total: number | undefined): Page<Row> {
  return total === undefined ? success(rows) : { ...success(rows), total };
}

/** The body of a failed call. */
export function failure(message: string): { success: false; message: string } {
  return { success: false, message };
}

const base = { success: Type.Boolean(), message: Type.String() };

/** Schema of {@link Done}. */
export const doneSchema = Type.Object(base);

/** Schema of {@link Success}. */
export function successOf<Data extends TSchema>(data: Data) {
  return Type.Object({ ...base, data });
}

/** Schema of {@link Page}. */
export function pageOf<Row extends TSchema>(row: Row) {
  return Type.Object({
    ...base,
    data: Type.Array(row),
    total: Type.Optional(Type.Integer({ description: "Matching rows; only with page_size." })),
  });
}
