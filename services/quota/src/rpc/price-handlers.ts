import type { ServiceImpl } from "@connectrpc/connect";
import type { PriceService } from "@tollgate/proto/quota/v1/price_service";
import { fault } from "#domain/faults.ts";
import { resolvePrice } from "#domain/price-book.ts";
import type { PriceBooks } from "#usecases/price-books.ts";
import { numberFromWire } from "./wire-number.ts";
import { priceBookToWire, priceToWire } from "./wire-price.ts";

const modelCharactersMax = 160;

/** `PriceService`, one function per RPC. */
export function createPriceHandlers(
  books: Pick<PriceBooks, "get">,
): ServiceImpl<typeof PriceService> {
  return {
    getPriceBook: async ({ version }) => ({
      book: priceBookToWire(await books.get(numberFromWire(version))),
    }),
    resolvePrice: async ({ version, model, channelType }) => {
      if (model.length === 0 || model.length > modelCharactersMax) {
        throw fault("REQUEST_INVALID");
      }
      const book = await books.get(numberFromWire(version));
      const price = resolvePrice(book, model, channelType);
      return price === undefined ? {} : { price: priceToWire(price) };
    },
  };
}
