/** One column of a data table. */
export interface Column {
  /** Name of the member on the wire, which the server sorts by. */
  readonly key: string;
  /** Translation key of the header. */
  readonly label: string;
  readonly sortable?: boolean;
  readonly numeric?: boolean;
  /** Out of sight until somebody picks it. */
  readonly optional?: boolean;
  /** The row's name: a header cell, and never hidden. */
  readonly rowHeader?: boolean;
}
