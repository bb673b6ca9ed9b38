// Module worker: a frame in, the texts of its QR codes out. zxing-wasm is served by us; by itself it would fetch
// its wasm from a public CDN.
let read = null;

async function load({ module, wasm }) {
  const { prepareZXingModule, readBarcodes } = await import(module);
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
  read = (image) => readBarcodes(image, { formats: ["QRCode"], maxNumberOfSymbols: 2 });
}

self.onmessage = async ({ data }) => {
  try {
    if (data.load) {
      await load(data.load);
      self.postMessage({ ready: true });
    } else if (read) {
      const found = await read(new ImageData(new Uint8ClampedArray(data.pixels), data.width, data.height));
      self.postMessage({ texts: found.filter((each) => each.isValid).map((each) => each.text) });
    }
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
};
