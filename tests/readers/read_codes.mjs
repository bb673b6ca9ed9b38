// What the door page makes of texts and of keys: JSON in, JSON out.
import { readFileSync } from "node:fs";
import { bareCode, kindOfCode, typedCode } from "../../events_app/static/js/door/codes.js";

const { texts, bursts } = JSON.parse(readFileSync(0, "utf-8"));
const answer = {
  texts: texts.map((text) => ({ bare: bareCode(text), kind: kindOfCode(text) })),
  bursts: bursts.map((keys) => typedCode(keys)),
};
process.stdout.write(JSON.stringify(answer));
