// Sends a file in blocks of 8 MiB with their hashes, then the hash of the whole. A block that fails is tried again.

// SHA-256 in pieces: the browser's own digest wants the whole file in memory.
const K = new Uint32Array(64), H = new Uint32Array(8);
(() => {
  const root = (value, power) => { const fraction = Math.pow(value, 1 / power); return Math.floor((fraction - Math.floor(fraction)) * 0x100000000); };
  let found = 0;
  for (let candidate = 2; found < 64; candidate++) {
    let prime = true;
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) { prime = false; break; }
    if (!prime) continue;
    if (found < 8) H[found] = root(candidate, 2);
    K[found++] = root(candidate, 3);
  }
})();

class Sha256 {
  constructor() { this.state = H.slice(); this.rest = new Uint8Array(0); this.length = 0; this.words = new Uint32Array(64); }

  add(bytes) {
    this.length += bytes.length;
    let data = bytes;
    if (this.rest.length) { data = new Uint8Array(this.rest.length + bytes.length); data.set(this.rest); data.set(bytes, this.rest.length); }
    const whole = data.length - (data.length % 64);
    for (let at = 0; at < whole; at += 64) this.block(data, at);
    this.rest = data.slice(whole);
  }

  block(data, at) {
    const w = this.words, s = this.state;
    for (let i = 0; i < 16; i++, at += 4) w[i] = (data[at] << 24) | (data[at + 1] << 16) | (data[at + 2] << 8) | data[at + 3];
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15], y = w[i - 2];
      w[i] = (w[i - 16] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3)) + w[i - 7] + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10))) | 0;
    }
    let [a, b, c, d, e, f, g, h] = s;
    for (let i = 0; i < 64; i++) {
      const t = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const u = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + u) | 0;
    }
    s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
  }

  hex() {
    const total = this.length, end = new Uint8Array(((this.rest.length + 8 >> 6) + 1) * 64);
    end.set(this.rest);
    end[this.rest.length] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(total / 0x20000000));
    view.setUint32(end.length - 4, (total << 3) >>> 0);
    for (let at = 0; at < end.length; at += 64) this.block(end, at);
    return [...this.state].map(word => word.toString(16).padStart(8, '0')).join('');
  }
}

const hexOf = buffer => [...new Uint8Array(buffer)].map(value => value.toString(16).padStart(2, '0')).join('');

const asked = async (path, options) => {
  for (let attempt = 1; ; attempt++) {
    let response;
    try {
      response = await fetch(path, options);
    } catch (lost) {
      if (attempt === 4) throw lost;
    }
    if (response?.ok) return response.json();
    if (response && response.status < 500 && response.status !== 429) throw new Error((await response.json().catch(() => null))?.detail ?? `The portal answered ${response.status}.`);
    if (attempt === 4) throw new Error('The portal cannot be reached. Choose the file again to try once more.');
    await new Promise(resolve => setTimeout(resolve, 500 * attempt));
  }
};

const json = body => ({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

export async function send(input, component) {
  const file = input.files[0];
  if (!file) { await component.invokeMethodAsync('Ended', null, null); return; }
  try {
    const size = 8 * 1024 * 1024, whole = new Sha256();
    const blocks = Math.ceil(file.size / size);
    for (let number = 0; number < blocks; number++) {
      whole.add(new Uint8Array(await file.slice(number * size, (number + 1) * size).arrayBuffer()));
      await component.invokeMethodAsync('Progress', file.name, file.size, (number + 1) / blocks / 4);
    }
    const upload = await asked('/api/v1/uploads', json({ fileName: file.name, length: file.size, sha256: whole.hex() }));
    for (let number = 0; number < blocks; number++) {
      const block = await file.slice(number * size, (number + 1) * size).arrayBuffer();
      const sha256 = hexOf(await crypto.subtle.digest('SHA-256', block));
      await asked(`/api/v1/uploads/${upload.id}/blocks/${number}`, { method: 'PUT', headers: { 'Content-Type': 'application/octet-stream', 'X-Content-SHA256': sha256 }, body: block });
      await component.invokeMethodAsync('Progress', file.name, file.size, 0.25 + (number + 1) / blocks * 0.75);
    }
    await asked(`/api/v1/uploads/${upload.id}/complete`, json({}));
    await component.invokeMethodAsync('Ended', upload.id, null);
  } catch (problem) {
    await component.invokeMethodAsync('Ended', null, problem.message);
  }
}
