// Files that are broken, cut short or hostile: always BAD_IMAGE, never a hang, a crash or memory without bound.

import { crc32, deflateSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPellucidError } from "../../src/errors.ts";
import { decodeImage } from "../../src/image/decode.ts";
import { referenceBytes, referenceJson } from "../reference-files.ts";

const manifest = referenceJson<{ png: string[]; jpeg: string[]; orientation: string[] }>("pictures/manifest.json");
const files = [...manifest.png, ...manifest.jpeg, ...manifest.orientation].map((file) => referenceBytes(`pictures/${file}`));

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

/** An 8-bit grey PNG that may promise one size and hold another. */
function greyPng(width: number, height: number, scanlines: Uint8Array): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(scanlines)), chunk("IEND", new Uint8Array())]);
}

function jpegOfSize(file: string, width: number, height: number): Uint8Array {
  const bytes = Buffer.from(referenceBytes(`pictures/${file}`));
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]));
  bytes.writeUInt16BE(height, frame + 5);
  bytes.writeUInt16BE(width, frame + 7);
  return bytes;
}

async function outcome(bytes: Uint8Array): Promise<"picture" | "refused"> {
  try {
    const image = await decodeImage(bytes, "file");
    expect(image.data).toHaveLength(image.width * image.height * 3);
    return "picture";
  } catch (error) {
    expect(isPellucidError(error, "BAD_IMAGE"), String(error)).toBe(true);
    return "refused";
  }
}

describe("decodeImage on damaged files", () => {
  it.each(["color2-8bit.png", "color3-4bit-interlaced.png", "420.jpg", "progressive.jpg"])(
    "refuses %s cut short anywhere before its last bytes",
    async (file) => {
      const bytes = referenceBytes(`pictures/${file}`);
      for (let length = 0; length < bytes.length - 20; length += 7) expect(await outcome(bytes.subarray(0, length)), `${length} bytes`).toBe("refused");
    },
  );

  it("meets changed bytes with a picture or with BAD_IMAGE", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }), async (file, changes) => {
        const changed = file.slice();
        for (const [at, value] of changes) changed[at % changed.length] = value;
        await outcome(changed);
      }),
      { numRuns: 3000 },
    );
  });

  it("meets a PNG's checksum that is wrong", async () => {
    const bytes = referenceBytes("pictures/color2-8bit.png");
    bytes[bytes.length - 30] = (bytes[bytes.length - 30] as number) ^ 1;
    await expect(decodeImage(bytes, "cat.png")).rejects.toMatchObject({ message: expect.stringMatching(/^cat.png cannot be decoded: .*checksum/) });
  });
});

describe("decodeImage on hostile files", () => {
  it("reads no more of a deflated stream than the header promises", async () => {
    const image = await decodeImage(greyPng(2, 2, new Uint8Array(50_000_000)));
    expect([...image.data]).toEqual(new Array(12).fill(0));
  });

  it.each([
    ["a PNG of 4 gigapixels", greyPng(65535, 65535, new Uint8Array(9)), /too large: 65535×65535/],
    ["a PNG of 36 megapixels in 20 bytes", greyPng(6000, 6000, new Uint8Array(9)), /far too few/],
    ["a PNG without rows", greyPng(5, 0, new Uint8Array(9)), /size is 5×0/],
    ["a PNG with less than it promises", greyPng(100, 100, new Uint8Array(9)), /ends after 9 of 10100 bytes/],
    ["a PNG with an unknown filter", greyPng(2, 1, Uint8Array.of(9, 0, 0)), /filter 9/],
    ["a JPEG of 4 gigapixels", jpegOfSize("444.jpg", 65535, 65535), /too large/],
    ["a JPEG of 36 megapixels in a kilobyte", jpegOfSize("444.jpg", 6000, 6000), /far too few/],
    ["a JPEG without rows", jpegOfSize("444.jpg", 35, 0), /size is 35×0/],
  ])("refuses %s before taking memory", async (_, bytes, message) => {
    const before = process.memoryUsage().rss;
    await expect(decodeImage(bytes)).rejects.toMatchObject({ code: "BAD_IMAGE", message: expect.stringMatching(message) });
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });
});
