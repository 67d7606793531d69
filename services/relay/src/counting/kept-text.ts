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

// Small pieces are kept as bytes: as strings they would take several times what they say.
const packChars = 1024;

export function createKeptTexts(bounds: {
  /** Characters of one text. */
  readonly charsMax: number;
  /** Characters of all texts. */
  readonly totalCharsMax: number;
}): KeptTexts {
  const { charsMax, totalCharsMax } = bounds;
  let total = 0;
  return {
    open: () => {
      let packed: Buffer[] | undefined = [];
      let tail = "";
      let length = 0;
      const drop = (): void => {
        total -= length;
        length = 0;
        tail = "";
        packed = undefined;
      };
      return {
        add: (piece) => {
          if (packed === undefined) {
            return;
          }
          length += piece.length;
          total += piece.length;
          if (length > charsMax || total > totalCharsMax) {
            drop();
            return;
          }
          tail += piece;
          if (tail.length > packChars) {
            packed.push(Buffer.from(tail));
            tail = "";
          }
        },
        read: () => (packed === undefined ? undefined : Buffer.concat(packed).toString() + tail),
        drop,
      };
    },
  };
}
