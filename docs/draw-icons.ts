import { readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';

// Draws the icons of src/pages/frame/icons from their SVG, in the sizes that browsers ask for.

const FOLDER = 'src/pages/frame/icons';
const ICO_SIZES = [16, 32, 48];
const HEADER_BYTES = 6;
const ENTRY_BYTES = 16;

const GROUNDS = { mark: '#1F5F8B', neutral: '#51606F' } as const;

for (const [name, ground] of Object.entries(GROUNDS)) {
  const svg = readFileSync(`${FOLDER}/${name}.svg`);
  const draw = (size: number) => sharp(svg, { density: size * 3 }).resize(size, size);
  // A phone rounds the corners itself, and paints black where the image is transparent.
  const large = draw(180).flatten({ background: ground }).png({ palette: true });
  writeFileSync(`${FOLDER}/${name}-180.png`, await large.toBuffer());
  const small = ICO_SIZES.map((size) => draw(size).png({ palette: true }).toBuffer());
  writeFileSync(`${FOLDER}/${name}.ico`, icoOf(await Promise.all(small)));
}

/** An ICO file with PNG images in it. */
function icoOf(images: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES + ENTRY_BYTES * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  for (const [index, image] of images.entries()) {
    const entry = HEADER_BYTES + ENTRY_BYTES * index;
    header.writeUInt8(ICO_SIZES[index] ?? 0, entry);
    header.writeUInt8(ICO_SIZES[index] ?? 0, entry + 1);
    header.writeUInt16LE(1, entry + 4);
    header.writeUInt16LE(32, entry + 6);
    header.writeUInt32LE(image.length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += image.length;
  }
  return Buffer.concat([header, ...images]);
}
