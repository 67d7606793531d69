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
  /** Left out of the cards that stand for rows on a phone. */
  readonly minor?: boolean;
  /** The row's name: a header cell, and never hidden. */
  readonly rowHeader?: boolean;
}
