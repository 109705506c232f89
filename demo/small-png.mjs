// Screenshots of an editor have few colours: with a palette they take a third of the space.
import { crc32, deflateSync } from "node:zlib";

const COLOURS = 256;
const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Makes a PNG smaller: its 256 most frequent colours stay, the others become the nearest of them.
 * @param {import("playwright-core").Browser} browser decodes it
 * @param {Buffer} png
 * @returns {Promise<Buffer>}
 */
export async function smallPng(browser, png) {
  const page = await browser.newPage();
  try {
    const { width, height, palette, indices } = await page.evaluate(toPalette, [
      png.toString("base64"),
      COLOURS,
    ]);
    return encode(width, height, Buffer.from(palette, "base64"), Buffer.from(indices, "base64"));
  } finally {
    await page.close();
  }
}

/** Runs in the page. */
async function toPalette([base64, most]) {
  const image = new Image();
  image.src = `data:image/png;base64,${base64}`;
  await image.decode();
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const counts = new Map();
  const colourAt = (at) => (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
  for (let at = 0; at < data.length; at += 4) {
    const colour = colourAt(at);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const kept = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([colour]) => colour);
  const indexOf = new Map(kept.map((colour, index) => [colour, index]));
  const distance = (a, b) =>
    ((a >> 16) - (b >> 16)) ** 2 + (((a >> 8) & 255) - ((b >> 8) & 255)) ** 2 + ((a & 255) - (b & 255)) ** 2;
  for (const colour of counts.keys()) {
    if (indexOf.has(colour)) continue;
    let nearest = 0;
    for (let index = 1; index < kept.length; index++) {
      if (distance(colour, kept[index]) < distance(colour, kept[nearest])) nearest = index;
    }
    indexOf.set(colour, nearest);
  }
  const indices = new Uint8Array(width * height);
  for (let pixel = 0; pixel < indices.length; pixel++) indices[pixel] = indexOf.get(colourAt(pixel * 4));
  const palette = new Uint8Array(kept.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  const toBase64 = (bytes) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000)
      text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  };
  return { width, height, palette: toBase64(palette), indices: toBase64(indices) };
}

/** An indexed PNG of 8 bits a pixel, see the PNG specification §11. */
function encode(width, height, palette, indices) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const lines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) indices.copy(lines, y * (width + 1) + 1, y * width, (y + 1) * width);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", deflateSync(lines, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
