import type { Points } from './points.ts';
import type { Frame, Ink, Surface } from './surface.ts';

const VERTEX = `#version 300 es
in vec2 place;
in vec4 ink;
in float size;
uniform vec3 camera;
uniform vec2 canvas;
uniform float radius;
out vec4 colour;
out float reach;
void main() {
  vec2 at = vec2(place.x * camera.x + camera.y, camera.z - place.y * camera.x) / canvas;
  gl_Position = vec4(2.0 * at.x - 1.0, 1.0 - 2.0 * at.y, 0.0, 1.0);
  reach = radius * size * 2.55;
  gl_PointSize = 2.0 * reach + 2.0;
  colour = ink;
}`;

// A disc whose rim is one pixel wide, as the plain surface draws it.
const FRAGMENT = `#version 300 es
precision mediump float;
in vec4 colour;
in float reach;
out vec4 pixel;
void main() {
  float far = length(gl_PointCoord - 0.5) * (2.0 * reach + 2.0);
  float alpha = colour.a * clamp(reach + 0.5 - far, 0.0, 1.0);
  pixel = vec4(colour.rgb * alpha, alpha);
}`;

/**
 * More points than this are drawn by a card or by plain arithmetic: a driver that imitates a card on the
 * processor takes several times as long, most of it for handing the picture over.
 */
const IMITATED = 20_000;

/** Points by WebGL 2, all in one call a frame; null where there is none, or where its shaders fail. */
export function webglSurface(canvas: HTMLCanvasElement, points: Points): Surface | null {
  const gl = canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    // Paper and screenshots read the canvas after the frame.
    preserveDrawingBuffer: true,
  });
  if (!gl) return null;
  if (points.count > IMITATED && imitated(gl)) {
    gl.getExtension('WEBGL_lose_context')?.loseContext();
    return null;
  }
  const program = linked(gl);
  if (!program) return null;
  gl.useProgram(program);
  const places = new Float32Array(2 * points.count);
  for (let i = 0; i < points.count; i += 1) {
    places[2 * i] = points.x[i]!;
    places[2 * i + 1] = points.y[i]!;
  }
  const attribute = (name: string, width: number, type: number): WebGLBuffer => {
    const buffer = gl.createBuffer();
    const at = gl.getAttribLocation(program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, width, type, type === gl.UNSIGNED_BYTE, 0, 0);
    return buffer;
  };
  attribute('place', 2, gl.FLOAT);
  gl.bufferData(gl.ARRAY_BUFFER, places, gl.STATIC_DRAW);
  const colours = attribute('ink', 4, gl.UNSIGNED_BYTE);
  const sizes = attribute('size', 1, gl.UNSIGNED_BYTE);
  gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  const uniform = (name: string): WebGLUniformLocation | null =>
    gl.getUniformLocation(program, name);
  const [camera, size, radius] = [uniform('camera'), uniform('canvas'), uniform('radius')];
  let loaded: Ink | null = null;

  const load = (ink: Ink): void => {
    if (loaded === ink) return;
    loaded = ink;
    gl.bindBuffer(gl.ARRAY_BUFFER, colours);
    gl.bufferData(gl.ARRAY_BUFFER, ink.colours, gl.DYNAMIC_DRAW);
    gl.bindBuffer(gl.ARRAY_BUFFER, sizes);
    gl.bufferData(gl.ARRAY_BUFFER, ink.sizes, gl.DYNAMIC_DRAW);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, ink.order, gl.DYNAMIC_DRAW);
  };
  return {
    kind: 'webgl',
    canvas,
    draw: (ink: Ink, frame: Frame) => {
      load(ink);
      const [red, green, blue] = frame.paper;
      gl.viewport(0, 0, canvas.width, canvas.height);
      gl.clearColor(red / 255, green / 255, blue / 255, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.uniform3f(camera, frame.camera.scale, frame.camera.left, frame.camera.top);
      gl.uniform2f(size, canvas.width, canvas.height);
      gl.uniform1f(radius, frame.radius);
      gl.drawElements(gl.POINTS, ink.order.length, gl.UNSIGNED_INT, 0);
    },
  };
}

/** Browsers say whose driver it is, and have no other way to say that it is none. */
function imitated(gl: WebGL2RenderingContext): boolean {
  const named = gl.getExtension('WEBGL_debug_renderer_info');
  const name = gl.getParameter(named ? named.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
  return /swiftshader|llvmpipe|softpipe|basic render|software/i.test(`${name}`);
}

function linked(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) ? program : null;
}
