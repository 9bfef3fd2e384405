import { crc32, gzipSync } from 'node:zlib';

interface Member {
  name: string;
  content: Buffer;
  /** Makes the entry a symbolic link to its content. */
  link?: boolean;
}

/** A zip with stored members, links and hostile names included: libraries that write zips refuse to make those. */
export function zipOf(members: Member[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, content, link } of members) {
    const nameBytes = Buffer.from(name);
    const sums = Buffer.alloc(16);
    sums.writeUInt32LE(0x21_00_00, 0); // time and date: midnight, 1980-01-01
    sums.writeUInt32LE(crc32(content), 4);
    sums.writeUInt32LE(content.length, 8);
    sums.writeUInt32LE(content.length, 12);
    const local = Buffer.concat([
      words(0x0403_4b50, [20, 0, 0]),
      sums,
      shorts(nameBytes.length, 0),
      nameBytes,
      content,
    ]);
    const attributes = Buffer.alloc(12);
    attributes.writeUInt32LE(((link ? 0o120777 : 0o100644) << 16) >>> 0, 4);
    attributes.writeUInt32LE(offset, 8);
    const made = (3 << 8) | 20; // by a Unix, so that the attributes carry a mode
    centrals.push(
      Buffer.concat([
        words(0x0201_4b50, [made, 20, 0, 0]),
        sums,
        shorts(nameBytes.length, 0, 0),
        attributes,
        nameBytes,
      ]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A gzipped tar as `npm pack` makes them. */
export function tarballOf(members: Member[]): Buffer {
  const blocks = members.flatMap(({ name, content, link }) => {
    const header = Buffer.alloc(512);
    header.write(name, 0, 100);
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${(link ? 0 : content.length).toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write(link ? '2' : '0', 156);
    if (link) header.write(content.toString(), 157, 100);
    header.write('ustar\u000000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const body = link ? Buffer.alloc(0) : content;
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

function words(signature: number, values: number[]): Buffer {
  const buffer = Buffer.alloc(4 + 2 * values.length);
  buffer.writeUInt32LE(signature, 0);
  values.forEach((value, index) => buffer.writeUInt16LE(value, 4 + 2 * index));
  return buffer;
}

function shorts(...values: number[]): Buffer {
  const buffer = Buffer.alloc(2 * values.length);
  values.forEach((value, index) => buffer.writeUInt16LE(value, 2 * index));
  return buffer;
}
