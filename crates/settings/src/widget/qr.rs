use eframe::egui::{ColorImage, Image, TextureHandle, TextureOptions, Ui, Vec2};
use fast_qr::qr::QRBuilder;

/// Width of the white margin around the code, in modules (ISO/IEC 18004).
const QUIET_ZONE: usize = 4;

/// A QR code, cached until its content changes.
#[derive(Default)]
pub(crate) struct Qr {
    content: String,
    texture: Option<TextureHandle>,
}

impl Qr {
    /// Shows `content` as a QR code with an accessible name. Shows nothing if the content is too
    /// long.
    pub(crate) fn show(&mut self, ui: &mut Ui, content: &str, side: f32, name: &str) {
        if self.content != content {
            self.content = content.to_owned();
            self.texture =
                image(content).map(|image| ui.ctx().load_texture("qr", image, TextureOptions::NEAREST));
        }
        if let Some(texture) = &self.texture {
            ui.add(Image::from_texture(texture).fit_to_exact_size(Vec2::splat(side)).alt_text(name));
        }
    }
}

fn image(content: &str) -> Option<ColorImage> {
    let code = QRBuilder::new(content).build().ok()?;
    let side = code.size + 2 * QUIET_ZONE;
    let mut pixels = vec![255_u8; side * side];
    for row in 0..code.size {
        for column in 0..code.size {
            if code[row][column].value() {
                pixels[(row + QUIET_ZONE) * side + column + QUIET_ZONE] = 0;
            }
        }
    }
    Some(ColorImage::from_gray([side, side], &pixels))
}
