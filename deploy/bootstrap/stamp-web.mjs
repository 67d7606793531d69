// The last part of `npm run build -w web`: whoever ran it, by hand or in a check, the next start does not build again.
import { buildWeb } from "./steps/build-web.mjs";
import { digestInputs, writeStamp } from "./stamp.mjs";

writeStamp(buildWeb.name, digestInputs(buildWeb.inputs));
