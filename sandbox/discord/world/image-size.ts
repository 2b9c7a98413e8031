/** Width and height from a PNG's header; nothing for anything else (charts are PNG). */
export function imageSize(data: Uint8Array): { readonly width?: number; readonly height?: number } {
  const isPng = data.byteLength >= 24 && PNG_SIGNATURE.every((byte, index) => data[index] === byte);
  if (!isPng) return {};
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
