/** The member of a generated enum that has this number, if there is one. */
export function readEnum<Member extends number>(
  members: Readonly<Record<string, Member>>,
  value: number | undefined,
): Member | undefined {
  return Object.values(members).find((member) => member === value);
}
