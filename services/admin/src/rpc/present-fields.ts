/** The fields of an object that are not `undefined`. */
export type PresentFields<Fields extends object> = {
  [Key in keyof Fields]?: Exclude<Fields[Key], undefined>;
};

/** A copy without the fields that are `undefined`: for messages in which absence means "leave alone". */
export function presentFields<Fields extends object>(fields: Fields): PresentFields<Fields> {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only keys of the argument, and no undefined among them
  return Object.fromEntries(entries) as PresentFields<Fields>;
}
