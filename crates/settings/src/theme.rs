//! Colors, fonts, and spacing of the light and the dark theme.

use std::sync::Arc;

use eframe::egui::{
    self, Color32, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Stroke, Style, TextStyle,
    Theme, vec2,
};

/// Corner radius of cards and fields.
pub(crate) const CORNER: u8 = 5;

/// The colors of a theme, named by their use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    pub(crate) page: Color32,
    pub(crate) card: Color32,
    pub(crate) border: Color32,
    pub(crate) chosen: Color32,
    pub(crate) hovered: Color32,
    pub(crate) field: Color32,
    pub(crate) field_border: Color32,
    pub(crate) text: Color32,
    pub(crate) muted: Color32,
    pub(crate) accent: Color32,
    pub(crate) accent_hovered: Color32,
    pub(crate) on_accent: Color32,
    pub(crate) avatar: Color32,
    pub(crate) good: Color32,
    pub(crate) warning: Color32,
    pub(crate) bad: Color32,
}

const LIGHT: Palette = Palette {
    page: Color32::from_rgb(0xf3, 0xf3, 0xf3),
    card: Color32::from_rgb(0xfb, 0xfb, 0xfb),
    border: Color32::from_rgb(0xe2, 0xe2, 0xe2),
    chosen: Color32::from_rgb(0xe7, 0xe7, 0xe7),
    hovered: Color32::from_rgb(0xec, 0xec, 0xec),
    field: Color32::WHITE,
    field_border: Color32::from_rgb(0x8a, 0x8a, 0x8a),
    text: Color32::from_rgb(0x1b, 0x1b, 0x1b),
    muted: Color32::from_rgb(0x5c, 0x5c, 0x5c),
    accent: Color32::from_rgb(0x00, 0x5f, 0xb8),
    accent_hovered: Color32::from_rgb(0x1a, 0x70, 0xc2),
    on_accent: Color32::WHITE,
    avatar: Color32::from_rgb(0xcf, 0xe4, 0xfa),
    good: Color32::from_rgb(0x0f, 0x7b, 0x0f),
    warning: Color32::from_rgb(0x8a, 0x54, 0x00),
    bad: Color32::from_rgb(0xc4, 0x2b, 0x1c),
};

const DARK: Palette = Palette {
    page: Color32::from_rgb(0x20, 0x20, 0x20),
    card: Color32::from_rgb(0x2b, 0x2b, 0x2b),
    border: Color32::from_rgb(0x3a, 0x3a, 0x3a),
    chosen: Color32::from_rgb(0x35, 0x35, 0x35),
    hovered: Color32::from_rgb(0x30, 0x30, 0x30),
    field: Color32::from_rgb(0x1f, 0x1f, 0x1f),
    field_border: Color32::from_rgb(0x9a, 0x9a, 0x9a),
    text: Color32::from_rgb(0xf5, 0xf5, 0xf5),
    muted: Color32::from_rgb(0xc4, 0xc4, 0xc4),
    accent: Color32::from_rgb(0x60, 0xcd, 0xff),
    accent_hovered: Color32::from_rgb(0x8a, 0xda, 0xff),
    on_accent: Color32::from_rgb(0x00, 0x1e, 0x2e),
    avatar: Color32::from_rgb(0x0d, 0x3a, 0x5c),
    good: Color32::from_rgb(0x6c, 0xcb, 0x5f),
    warning: Color32::from_rgb(0xfc, 0xe1, 0x00),
    bad: Color32::from_rgb(0xff, 0x99, 0xa4),
};

/// The colors of the current theme.
pub(crate) fn palette(ctx: &egui::Context) -> Palette {
    match ctx.theme() {
        Theme::Light => LIGHT,
        Theme::Dark => DARK,
    }
}

/// The font of titles and names.
pub(crate) fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("strong".into()))
}

/// Sets the fonts and styles of a new window.
pub(crate) fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts());
    for (theme, palette) in [(Theme::Light, LIGHT), (Theme::Dark, DARK)] {
        ctx.style_mut_of(theme, |style| set(style, &palette));
    }
}

fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    let mut add = |name: &str, bytes: &'static [u8], family: FontFamily| {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
        fonts.families.entry(family).or_default().push(name.to_owned());
    };
    add("Inter", include_bytes!("../assets/fonts/Inter-Regular.otf"), FontFamily::Proportional);
    add(
        "Inter SemiBold",
        include_bytes!("../assets/fonts/Inter-SemiBold.otf"),
        FontFamily::Name("strong".into()),
    );
    add("JetBrains Mono", include_bytes!("../assets/fonts/JetBrainsMono-Regular.ttf"), FontFamily::Monospace);
    fonts
}

fn set(style: &mut Style, palette: &Palette) {
    for (text, font) in [
        (TextStyle::Small, FontId::proportional(12.5)),
        (TextStyle::Body, FontId::proportional(14.5)),
        (TextStyle::Button, FontId::proportional(14.5)),
        (TextStyle::Monospace, FontId::monospace(15.0)),
        (TextStyle::Heading, semibold(28.0)),
    ] {
        style.text_styles.insert(text, font);
    }
    style.spacing.item_spacing = vec2(8.0, 6.0);
    style.spacing.button_padding = vec2(14.0, 7.0);
    style.spacing.interact_size = vec2(32.0, 32.0);
    style.spacing.icon_width = 18.0;
    style.spacing.icon_width_inner = 10.0;
    let visuals = &mut style.visuals;
    visuals.panel_fill = palette.page;
    visuals.window_fill = palette.card;
    visuals.window_stroke = Stroke::new(1.0, palette.border);
    visuals.extreme_bg_color = palette.field;
    visuals.text_edit_bg_color = Some(palette.field);
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(palette.muted);
    visuals.hyperlink_color = palette.accent;
    visuals.error_fg_color = palette.bad;
    visuals.warn_fg_color = palette.warning;
    visuals.selection.bg_fill = palette.accent.gamma_multiply(0.35);
    visuals.selection.stroke = Stroke::new(1.5, palette.accent);
    visuals.text_cursor.blink = false;
    let widgets = &mut visuals.widgets;
    widgets.noninteractive.fg_stroke = Stroke::new(1.0, palette.text);
    widgets.noninteractive.bg_stroke = Stroke::new(1.0, palette.border);
    for (widget, fill) in [
        (&mut widgets.inactive, palette.card),
        (&mut widgets.hovered, palette.hovered),
        (&mut widgets.active, palette.chosen),
        (&mut widgets.open, palette.chosen),
    ] {
        widget.weak_bg_fill = fill;
        widget.bg_fill = fill;
        widget.bg_stroke = Stroke::new(1.0, palette.field_border.gamma_multiply(0.7));
        widget.fg_stroke = Stroke::new(1.0, palette.text);
        widget.corner_radius = CornerRadius::same(CORNER);
        widget.expansion = 0.0;
    }
}
