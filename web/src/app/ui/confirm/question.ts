/** What a confirmation asks; all texts are translated already. */
export interface Question {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly danger?: boolean;
  /** Must be typed before the action is possible; for what cannot be taken back. */
  readonly typed?: string;
}
