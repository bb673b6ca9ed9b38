// The camera: which one, its light, its frames to the decoder. One frame is decoded at a time, about 15 a second.

const FRAME_MS = 66;
const WIDEST = 1280;

export class Camera {
  #video;
  #worker = null;
  #stream = null;
  #canvas = document.createElement("canvas");
  #busy = false;
  #timer = 0;
  #ready;

  /** `onText(text)` for each code in a frame. */
  constructor(video, { decoder, module, wasm, policy }, onText) {
    this.#video = video;
    this.#worker = new Worker(policy.createScriptURL(decoder), { type: "module" });
    this.#ready = new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }) => {
        if (data.ready) resolve();
        else if (data.failed && !this.#stream) reject(new Error(data.failed));
        else {
          this.#busy = false;
          for (const text of data.texts ?? []) onText(text);
        }
      };
      this.#worker.onerror = () => reject(new Error("the decoder could not be started"));
    });
    this.#worker.postMessage({ load: { module, wasm } });
  }

  /** Raises DOMException: NotAllowedError (refused by the person), NotFoundError (there is none)... */
  async start(deviceId = "") {
    await this.#ready;
    this.stop();
    const wanted = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: { ideal: "environment" } };
    this.#stream = await navigator.mediaDevices.getUserMedia({
      audio: false,
      video: { ...wanted, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
    this.#video.srcObject = this.#stream;
    await this.#video.play();
    this.#timer = setInterval(() => this.#send(), FRAME_MS);
  }

  stop() {
    clearInterval(this.#timer);
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#busy = false;
  }

  get deviceId() {
    return this.#track()?.getSettings().deviceId ?? "";
  }

  get hasTorch() {
    return Boolean(this.#track()?.getCapabilities?.().torch);
  }

  async light(on) {
    await this.#track()?.applyConstraints({ advanced: [{ torch: on }] });
  }

  /** The cameras by name; names are known only once one of them was allowed. */
  static async all() {
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.filter((device) => device.kind === "videoinput" && device.deviceId);
  }

  #track() {
    return this.#stream?.getVideoTracks()[0];
  }

  #send() {
    const { videoWidth, videoHeight } = this.#video;
    if (this.#busy || !videoWidth || document.hidden) return;
    const scale = Math.min(1, WIDEST / Math.max(videoWidth, videoHeight));
    const width = Math.round(videoWidth * scale);
    const height = Math.round(videoHeight * scale);
    if (this.#canvas.width !== width || this.#canvas.height !== height) {
      this.#canvas.width = width;
      this.#canvas.height = height;
    }
    const context = this.#canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(this.#video, 0, 0, width, height);
    const pixels = context.getImageData(0, 0, width, height).data.buffer;
    this.#busy = true;
    this.#worker.postMessage({ pixels, width, height }, [pixels]);
  }
}
