// A chart as a file: what is seen of its card is drawn again as one SVG in pixels, with its title, in the theme it is seen in. Every colour
// and size is written out, so that any program shows it alike; a PNG is that SVG at twice the size.
(() => {
  'use strict';
  const skipped = 'button, details, input, select, .sr-only, .menu, .curve-tip, .curve-cross, .run-tip, .hit';
  const font = 'Inter, Segoe UI, Helvetica, Arial, sans-serif';
  const n = value => String(Math.round(value * 100) / 100);
  const escape = text => text.replace(/[&<>"]/g, letter => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter]);

  // A computed colour as [#rrggbb, opacity]; null for none. Mixed colours come as color(srgb …), which few programs know.
  const paint = value => {
    const mixed = value.match(/^color\(srgb ([\d.e-]+) ([\d.e-]+) ([\d.e-]+)(?: \/ ([\d.]+))?\)$/);
    const plain = value.match(/^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/);
    if (!mixed && !plain) return null;
    const [red, green, blue] = (mixed ?? plain).slice(1, 4).map(part => Math.round(Math.min(255, Math.max(0, mixed ? part * 255 : Number(part)))));
    const opacity = Number((mixed ?? plain)[4] ?? 1);
    return opacity === 0 ? null : [`#${[red, green, blue].map(part => part.toString(16).padStart(2, '0')).join('')}`, opacity];
  };
  const attribute = (name, value, more = 1) => {
    const [colour, opacity] = paint(value) ?? ['none', 1];
    return ` ${name}="${colour}"${opacity * more < 1 ? ` ${name}-opacity="${n(opacity * more)}"` : ''}`;
  };

  // Drawings are stretched (Svg.cs): their places become pixels, so that lines and dots keep their form everywhere.
  const path = (drawing, x, y, kx, ky) => drawing.replace(/([MLHV])([^A-Za-z]*)/g, (_, command, places) => {
    const numbers = places.trim().split(/[\s,]+/).filter(part => part !== '').map(Number);
    return command + numbers.map((number, index) => n(command === 'V' || (command !== 'H' && index % 2 === 1) ? y + number * ky : x + number * kx)).join(' ');
  });

  const shape = (element, x, y, kx, ky) => {
    const style = getComputedStyle(element);
    if (style.visibility === 'hidden' || style.display === 'none') return '';
    const look = attribute('fill', style.fill, style.fillOpacity * style.opacity) + attribute('stroke', style.stroke, style.strokeOpacity * style.opacity) +
      (paint(style.stroke) ? ` stroke-width="${n(parseFloat(style.strokeWidth))}" stroke-linecap="${style.strokeLinecap}" stroke-linejoin="${style.strokeLinejoin}"` +
        (style.strokeDasharray === 'none' ? '' : ` stroke-dasharray="${style.strokeDasharray.replaceAll('px', '')}"`) : '');
    const at = name => Number(element.getAttribute(name) ?? 0);
    switch (element.localName) {
      case 'path': return `<path d="${path(element.getAttribute('d') ?? '', x, y, kx, ky)}"${look}/>`;
      case 'line': return `<line x1="${n(x + at('x1') * kx)}" y1="${n(y + at('y1') * ky)}" x2="${n(x + at('x2') * kx)}" y2="${n(y + at('y2') * ky)}"${look}/>`;
      case 'rect': return `<rect x="${n(x + at('x') * kx)}" y="${n(y + at('y') * ky)}" width="${n(at('width') * kx)}" height="${n(at('height') * ky)}"${look}/>`;
      default: return '';
    }
  };

  const drawing = (svg, origin) => {
    const box = svg.getBoundingClientRect();
    const view = svg.viewBox.baseVal;
    if (!view || view.width === 0 || box.width === 0) return '';
    const [x, y, kx, ky] = [box.left - origin.left, box.top - origin.top, box.width / view.width, box.height / view.height];
    const shapes = [...svg.querySelectorAll('path, line, rect')];
    return svg.getAttribute('preserveAspectRatio') === 'none'
      ? shapes.map(part => shape(part, x, y, kx, ky)).join('')
      : `<g transform="translate(${n(x)} ${n(y)}) scale(${n(kx)})">${shapes.map(part => `<path d="${part.getAttribute('d')}"${attribute('fill', getComputedStyle(part).fill)}/>`).join('')}</g>`;
  };

  const written = (parent, nodes, origin) => {
    const style = getComputedStyle(parent);
    const range = document.createRange();
    range.setStartBefore(nodes[0]);
    range.setEndAfter(nodes.at(-1));
    const box = range.getBoundingClientRect();
    let words = nodes.map(node => node.textContent).join('').replace(/\s+/g, ' ').trim();
    if (words === '' || box.width === 0) return '';
    const shown = parent.clientWidth / parent.scrollWidth;
    if (style.textOverflow === 'ellipsis' && shown < 0.99) words = `${words.slice(0, Math.max(1, Math.floor(words.length * shown) - 1))}…`;
    const look = `font-size="${n(parseFloat(style.fontSize))}" font-weight="${style.fontWeight}"${attribute('fill', style.color)}`;
    if (style.writingMode.startsWith('vertical')) {
      const [middle, centre] = [box.left - origin.left + box.width * 0.75, box.top - origin.top + box.height / 2];
      return `<text transform="translate(${n(middle)} ${n(centre)}) rotate(-90)" text-anchor="middle" ${look}>${escape(words)}</text>`;
    }
    return `<text x="${n(box.left - origin.left)}" y="${n(box.top - origin.top + box.height * 0.8)}" ${look}>${escape(words)}</text>`;
  };

  // Backgrounds and borders: bars, marks, limits, legends.
  const box = (element, origin) => {
    const style = getComputedStyle(element);
    const place = element.getBoundingClientRect();
    const [x, y] = [place.left - origin.left, place.top - origin.top];
    const sides = ['Top', 'Right', 'Bottom', 'Left'].map(side => ({ side, width: style[`border${side}Style`] === 'none' ? 0 : parseFloat(style[`border${side}Width`]), colour: style[`border${side}Color`] }));
    const isFramed = sides.every(({ width }) => width > 0);
    let parts = '';
    const ramp = style.backgroundImage.match(/^linear-gradient\(90deg, (.+\)), (.+\))\)$/);
    if (ramp) {
      const id = `ramp${n(x)}-${n(y)}`.replaceAll('.', '_');
      parts += `<linearGradient id="${id}">${ramp.slice(1).map((colour, index) => `<stop offset="${index}"${attribute('stop-color', colour)}/>`).join('')}</linearGradient>` +
        `<rect x="${n(x)}" y="${n(y)}" width="${n(place.width)}" height="${n(place.height)}" rx="${n(place.height / 2)}" fill="url(#${id})"/>`;
    }
    if ((paint(style.backgroundColor) || isFramed) && place.width > 0 && place.height > 0) {
      const radius = Math.min(parseFloat(style.borderTopLeftRadius) * (style.borderTopLeftRadius.endsWith('%') ? place.width / 100 : 1) || 0, place.width / 2, place.height / 2);
      parts += `<rect x="${n(x)}" y="${n(y)}" width="${n(place.width)}" height="${n(place.height)}" rx="${n(radius)}"${attribute('fill', style.backgroundColor)}${isFramed ? `${attribute('stroke', sides[0].colour)} stroke-width="${n(sides[0].width)}"` : ''}/>`;
    }
    if (!isFramed) {
      const ends = { Top: [0, 0, place.width, 0], Right: [place.width, 0, place.width, place.height], Bottom: [0, place.height, place.width, place.height], Left: [0, 0, 0, place.height] };
      for (const { side, width, colour } of sides.filter(one => one.width > 0 && paint(one.colour)))
        parts += `<line x1="${n(x + ends[side][0])}" y1="${n(y + ends[side][1])}" x2="${n(x + ends[side][2])}" y2="${n(y + ends[side][3])}"${attribute('stroke', colour)} stroke-width="${n(width)}"/>`;
    }
    return parts;
  };

  const walk = (element, origin, extent) => {
    if (element.matches(skipped)) return '';
    const style = getComputedStyle(element);
    if (style.display === 'none' || style.visibility === 'hidden') return '';
    const place = element.getBoundingClientRect();
    extent.bottom = Math.max(extent.bottom, place.bottom - origin.top);
    extent.right = Math.max(extent.right, place.right - origin.left);
    if (element.localName === 'svg') return drawing(element, origin);
    let parts = box(element, origin);
    let words = []; // text comes in pieces that belong together
    for (const child of [...element.childNodes, null]) {
      if (child?.nodeType === Node.TEXT_NODE) words.push(child);
      else if (child?.nodeType !== Node.COMMENT_NODE) {
        if (words.length > 0) parts += written(element, words, origin);
        words = [];
        if (child?.nodeType === Node.ELEMENT_NODE) parts += walk(child, origin, extent);
      }
    }
    return parts;
  };

  // Where the names of curves stand beside the charts and not in them, the file has them below.
  const names = (card, width, top) => {
    const curves = card.querySelector('.run-legend, .legend') ? [] : [...card.querySelectorAll('path[data-name]')];
    let [x, y, parts] = [16, top + 18, ''];
    for (const curve of curves) {
      const [name, style] = [curve.dataset.name, getComputedStyle(curve)];
      const length = 34 + name.length * 7;
      if (x > 16 && x + length > width - 16) [x, y] = [16, y + 18];
      parts += `<line x1="${n(x)}" y1="${n(y - 4)}" x2="${n(x + 18)}" y2="${n(y - 4)}"${attribute('stroke', style.stroke)} stroke-width="2.5"${style.strokeDasharray === 'none' ? '' : ` stroke-dasharray="${style.strokeDasharray.replaceAll('px', '')}"`}/>` +
        `<text x="${n(x + 24)}" y="${n(y)}" font-size="12"${attribute('fill', getComputedStyle(card).color)}>${escape(name)}</text>`;
      x += length;
    }
    return [parts, curves.length > 0 ? y + 14 : top];
  };

  const draw = card => {
    card.dataset.picture = ''; // what scrolls is laid out whole while it is measured
    try {
      const origin = card.getBoundingClientRect();
      const extent = { right: origin.width, bottom: 0 };
      let parts = '';
      for (const child of card.children) parts += walk(child, origin, extent);
      const width = extent.right + (extent.right > origin.width ? 16 : 0);
      const [legend, height] = names(card, width, extent.bottom + 12);
      const title = card.querySelector('h2')?.textContent.trim() ?? 'chart';
      let surface = card;
      while (surface.parentElement && !paint(getComputedStyle(surface).backgroundColor)) surface = surface.parentElement;
      const [w, h] = [Math.ceil(width), Math.ceil(height)];
      return { title, width: w, height: h, svg: `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" font-family="${font}"><title>${escape(title)}</title><rect width="${w}" height="${h}"${attribute('fill', getComputedStyle(surface).backgroundColor)}/>${parts}${legend}</svg>` };
    } finally {
      delete card.dataset.picture;
    }
  };

  const save = (blob, name) => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  const dots = async ({ svg, width, height }) => {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [width * 2, height * 2];
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise(resolve => { canvas.toBlob(resolve, 'image/png'); });
  };

  document.addEventListener('click', async event => {
    const button = event.target instanceof Element ? event.target.closest('[data-chart-file]') : null;
    const card = button?.closest('.chart');
    if (!card) return;
    const kind = button.dataset.chartFile;
    const menu = button.closest('details');
    if (menu) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
    const picture = draw(card);
    const name = `${picture.title.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '') || 'chart'}.${kind}`;
    save(kind === 'png' ? await dots(picture) : new Blob([picture.svg], { type: 'image/svg+xml' }), name);
  });
})();
