/** Something that takes finished lines. */
export interface LogOutput {
  write(line: string): void;
}
