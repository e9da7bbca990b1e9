//! What the pictures of the guide are drawn with. Each brings a background of its own, so that it can be read on any page.

use std::fmt::Write;

/// Light, and dark where the reader's system is: of the same classes in both.
const STYLE: &str = "\
.page{fill:#ffffff;stroke:#d0d7de}.ink{fill:#1f2328}.dim{fill:#57606a}.line{stroke:#57606a;fill:none}.head{fill:#57606a}\
.box{fill:#ddf4ff;stroke:#0969da}.good{fill:#dafbe1;stroke:#1a7f37}.bad{fill:#ffebe9;stroke:#cf222e}\
.one{fill:#b6e3ff;stroke:#0969da}.two{fill:#ffdf8a;stroke:#9a6700}.three{fill:#d8c7ff;stroke:#6639ba}.rest{fill:#f6f8fa;stroke:#d0d7de}
@media (prefers-color-scheme:dark){\
.page{fill:#161b22;stroke:#30363d}.ink{fill:#e6edf3}.dim{fill:#9ea7b3}.line{stroke:#9ea7b3}.head{fill:#9ea7b3}\
.box{fill:#0c2d6b;stroke:#58a6ff}.good{fill:#0f3d1e;stroke:#3fb950}.bad{fill:#57141a;stroke:#f85149}\
.one{fill:#0c4a8a;stroke:#58a6ff}.two{fill:#5c4400;stroke:#d29922}.three{fill:#3c2a74;stroke:#a371f7}.rest{fill:#21262d;stroke:#484f58}}";

/// A picture that is being drawn.
pub struct Svg {
    width: u32,
    height: u32,
    title: &'static str,
    body: String,
}

impl Svg {
    /// `title` is what is read out in its place.
    pub fn new(width: u32, height: u32, title: &'static str) -> Self {
        Svg { width, height, title, body: String::new() }
    }

    pub fn put(&mut self, element: &str) {
        let _ = writeln!(self.body, "{element}"); // a string takes all
    }

    /// Text in the middle of that point, or from it on, or up to it: `middle`, `start`, `end`.
    pub fn text(&mut self, (x, y): (u32, u32), anchor: &str, class: &str, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.put(&format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" class=\"{class}\">{text}</text>"));
    }

    pub fn rect(&mut self, (x, y): (u32, u32), (width, height): (u32, u32), class: &str) {
        let corner = if height > 40 { 8 } else { 2 };
        self.put(&format!(
            "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{corner}\" class=\"{class}\"/>"
        ));
    }

    /// A line, with an arrow at its end.
    pub fn arrow(&mut self, path: &str) {
        self.put(&format!("<path d=\"{path}\" class=\"line\" marker-end=\"url(#tip)\"/>"));
    }

    pub fn finish(self) -> String {
        let Svg { width, height, title, body } = self;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" role=\"img\" font-family=\"sans-serif\" font-size=\"13\">\n<title>{title}</title>\n\
             <style>{STYLE}</style>\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"8\" \
             markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\" class=\"head\"/></marker></defs>\n\
             <rect x=\"0.5\" y=\"0.5\" width=\"{}\" height=\"{}\" rx=\"8\" class=\"page\"/>\n{body}</svg>\n",
            width - 1,
            height - 1,
        )
    }
}
