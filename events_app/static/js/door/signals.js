// What an outcome sounds and feels like. Browsers allow sound after the first touch only.

const NOTES = {
  // [frequency in Hz, start, length in seconds]
  good: [[660, 0, 0.09], [990, 0.1, 0.16]],
  again: [[440, 0, 0.13], [440, 0.2, 0.13]],
  bad: [[196, 0, 0.5]],
};
const VIBRATION_MS = { good: [60], again: [80, 80, 80], bad: [300] };

let audio = null;

export function unlockSound() {
  audio ??= window.AudioContext ? new AudioContext() : null;
  if (audio?.state === "suspended") audio.resume();
}

/** `kind`: good, again or bad. */
export function signal(kind, withSound) {
  navigator.vibrate?.(VIBRATION_MS[kind]);
  if (!withSound || audio?.state !== "running") return;
  for (const [frequency, start, length] of NOTES[kind]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    const begins = audio.currentTime + start;
    tone.type = kind === "bad" ? "square" : "sine";
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.25, begins);
    volume.gain.exponentialRampToValueAtTime(0.001, begins + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(begins);
    tone.stop(begins + length);
  }
}
