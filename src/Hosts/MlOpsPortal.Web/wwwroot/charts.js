// What charts do under the pointer, without a round trip: the values of curves at a place, and the brush while it is drawn. Both have a
// way by keyboard (the table behind each chart, the fields of limits), so nothing here is the only way to anything.
(() => {
  'use strict';
  const points = new WeakMap(); // path -> [drawing, xs, ys]
  const read = path => {
    const drawing = path.getAttribute('d') ?? '';
    const known = points.get(path);
    if (known?.[0] === drawing) return known;
    const [xs, ys] = [[], []];
    for (const [, x, y] of drawing.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)) { xs.push(Number(x)); ys.push(Number(y)); }
    const fresh = [drawing, xs, ys];
    points.set(path, fresh);
    return fresh;
  };

  const nearest = (xs, x) => {
    let [low, high] = [0, xs.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (xs[middle] < x) low = middle + 1; else high = middle;
    }
    return low > 0 && Math.abs(xs[low - 1] - x) <= Math.abs(xs[low] - x) ? low - 1 : low;
  };

  const digits = value => (value !== 0 && (Math.abs(value) >= 1e7 || Math.abs(value) < 1e-4) ? value.toExponential(3) : String(Number(value.toPrecision(4))));
  const where = (plot, value) => {
    if (plot.dataset.curves === 'time') return new Date(value * 1000).toLocaleString();
    if (plot.dataset.curves === 'relative') return value < 90 ? `${digits(value)} s` : value < 5400 ? `${digits(value / 60)} min` : `${digits(value / 3600)} h`;
    return `step ${Math.round(value).toLocaleString()}`;
  };

  let shown = null;
  const hide = () => { shown?.querySelectorAll('.curve-tip, .curve-cross').forEach(part => part.remove()); shown = null; };

  const show = (plot, area, event) => {
    const box = area.getBoundingClientRect();
    const place = ((event.clientX - box.left) / box.width) * 1000;
    const [x0, x1] = plot.dataset.x.split(' ').map(Number);
    const [low, high, log] = plot.dataset.y.split(' ');
    const value = share => (log ? Number(low) * (Number(high) / Number(low)) ** share : Number(low) + share * (Number(high) - Number(low)));
    const rows = [];
    let at = null;
    for (const path of area.querySelectorAll('path[data-name]')) {
      const [, xs, ys] = read(path);
      if (xs.length === 0) continue;
      const index = nearest(xs, place);
      if (at === null || Math.abs(xs[index] - place) < Math.abs(at - place)) at = xs[index];
      rows.push([path.dataset.name, path.getAttribute('stroke'), ys[index], value(1 - ys[index] / 1000)]);
    }
    if (at === null) return hide();
    hide();
    shown = area;
    const cross = document.createElement('i');
    cross.className = 'curve-cross';
    cross.style.left = `${at / 10}%`;
    const tip = document.createElement('div');
    tip.className = 'curve-tip';
    tip.style[at > 500 ? 'right' : 'left'] = at > 500 ? `calc(${100 - at / 10}% + 10px)` : `calc(${at / 10}% + 10px)`;
    const head = document.createElement('p');
    head.textContent = where(plot, x0 + (at / 1000) * (x1 - x0));
    tip.append(head);
    rows.sort((one, other) => one[2] - other[2]);
    for (const [name, colour, , number] of rows.slice(0, 12)) {
      const row = document.createElement('p');
      const dot = document.createElement('i');
      dot.style.background = colour;
      const text = document.createElement('span');
      text.textContent = name;
      const figure = document.createElement('b');
      figure.textContent = digits(number);
      row.append(dot, text, figure);
      tip.append(row);
    }
    if (rows.length > 12) {
      const rest = document.createElement('p');
      rest.textContent = `and ${rows.length - 12} more`;
      tip.append(rest);
    }
    area.append(cross, tip);
  };

  document.addEventListener('pointermove', event => {
    const area = event.target instanceof Element ? event.target.closest('.plot[data-curves] .plot-area') : null;
    if (!area) return shown && hide();
    show(area.closest('.plot'), area, event);
  });

  let brush = null;
  const draw = event => {
    const box = brush.strip.getBoundingClientRect();
    const y = Math.min(box.height, Math.max(0, event.clientY - box.top));
    brush.strip.style.setProperty('--from', `${Math.min(y, brush.from)}px`);
    brush.strip.style.setProperty('--length', `${Math.abs(y - brush.from)}px`);
  };
  document.addEventListener('pointerdown', event => {
    const strip = event.target instanceof Element ? event.target.closest('[data-brush]') : null;
    if (!strip) return;
    strip.setPointerCapture(event.pointerId);
    brush = { strip, from: event.clientY - strip.getBoundingClientRect().top };
    strip.dataset.drawing = '';
    draw(event);
  });
  document.addEventListener('pointermove', event => { if (brush) draw(event); });
  const end = () => { if (brush) delete brush.strip.dataset.drawing; brush = null; };
  document.addEventListener('pointerup', end);
  document.addEventListener('pointercancel', end);
})();
