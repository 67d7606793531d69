/** Text of replies that may have to be counted. What all of them keep together is bounded, and so is each. */
export interface KeptTexts {
  readonly open: () => KeptText;
}

/** The text of one reply. */
export interface KeptText {
  readonly add: (piece: string) => void;
  /** All that was added, `undefined` = there was no room for it. */
  readonly read: () => string | undefined;
  /** The text is not needed any more. To be called once or more for each. */
  readonly drop: () => void;
}

export function createKeptTexts(bounds: {
  /** Characters of one text. */
  readonly charsMax: number;
  /** Characters of all texts. */
  readonly totalCharsMax: number;
}): KeptTexts {
  let total = 0;
  return {
    open: () => {
      let text: string | undefined = "";
      const drop = (): void => {
        total -= text?.length ?? 0;
        text = undefined;
      };
      return {
        add: (piece) => {
          if (text === undefined) {
            return;
          }
          if (
            text.length + piece.length > bounds.charsMax ||
            total + piece.length > bounds.totalCharsMax
          ) {
            drop();
            return;
          }
          text += piece;
          total += piece.length;
        },
        read: () => text,
        drop,
      };
    },
  };
}
