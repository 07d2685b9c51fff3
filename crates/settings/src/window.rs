//! The window around the pages, with navigation, search, progress, and dialogs.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::accesskit::Role;
use eframe::egui::{
    self, CentralPanel, Context, Frame, Id, Key, Margin, Modal, Modifiers, OpenUrl, Panel, ScrollArea,
    TextEdit, Ui, UiBuilder, vec2,
};
use keystead::Client;
use keystead::settings::{Intent, Settings, SignInStep, View, Work};

use crate::actions::{Actions, ConfirmDialog};
use crate::appearance::Appearance;
use crate::navigation::{Page, search};
use crate::pages::Pages;
use crate::sidebar::{account_button, entry};
use crate::theme::{self, palette, semibold};
use crate::widget::{self, ButtonStyle, button, muted};

/// Below this width, the navigation is a row above the page.
const NARROW_WIDTH: f32 = 720.0;
const NAVIGATION_WIDTH: f32 = 304.0;
/// Space for the scroll bar.
const SCROLL_BAR_WIDTH: f32 = 10.0;
/// Maximum width of a page's content.
const MAX_CONTENT_WIDTH: f32 = 780.0;

/// The Settings window.
pub struct Window {
    settings: Settings,
    title: String,
    folder: PathBuf,
    page: Page,
    query: String,
    pages: Pages,
    dialog: Option<ConfirmDialog>,
    /// The widget with the keyboard focus before the dialog opened.
    focus_before_dialog: Option<Id>,
    /// The address that was last opened in the browser.
    opened: Option<String>,
    /// The widget with the keyboard focus in the last frame.
    focused: Option<Id>,
}

pub(crate) fn title(product: &str) -> String {
    format!("{product} Settings")
}

impl Window {
    /// Creates the window's content for an open `eframe`.
    pub fn new(cc: &eframe::CreationContext<'_>, client: Arc<Client>, page: Page) -> Self {
        let ctx = cc.egui_ctx.clone();
        theme::install(&ctx);
        let (title, folder) = (title(&client.profile().product_name), client.folder().to_owned());
        Appearance::load(&folder).apply(&ctx);
        let settings = Settings::open(client, move || ctx.request_repaint());
        settings.send(Intent::Load);
        let mut window = Self {
            settings,
            title,
            folder,
            page,
            query: String::new(),
            pages: Pages::default(),
            dialog: None,
            focus_before_dialog: None,
            opened: None,
            focused: None,
        };
        window.enter(page);
        window
    }

    fn enter(&mut self, page: Page) {
        self.page = page;
        self.query.clear();
        let view = self.settings.view();
        if view.work.is_none() && view.notice.is_some() {
            self.settings.send(Intent::Dismiss);
        }
    }

    fn carry_out(&mut self, ctx: &Context, actions: Actions) {
        if let Some(page) = actions.page {
            self.enter(page);
        }
        if let Some(intent) = actions.intent {
            self.settings.send(intent);
        }
        if let Some(address) = actions.address {
            ctx.open_url(OpenUrl::new_tab(address));
        }
        if let Some(text) = actions.copy {
            ctx.copy_text(text);
        }
        if let Some(appearance) = actions.appearance {
            appearance.apply(ctx);
            appearance.store(&self.folder);
        }
        if actions.dialog.is_some() {
            self.focus_before_dialog = self.focused;
        }
        self.dialog = actions.dialog.or(self.dialog.take());
    }

    /// Opens the browser once for each sign-in in the browser.
    fn open_browser(&mut self, ctx: &Context, view: &View) {
        let wanted = match &view.sign_in {
            Some(SignInStep::Browser { address }) => Some(address.clone()),
            _ => None,
        };
        if wanted != self.opened {
            if let Some(address) = &wanted {
                ctx.open_url(OpenUrl::new_tab(address));
            }
            self.opened = wanted;
        }
    }
}

impl eframe::App for Window {
    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let (view, colors) = (self.settings.view(), palette(&ctx));
        ctx.accesskit_node_builder(egui::accesskit_root_id(), |node| node.set_label(&*self.title));
        self.open_browser(&ctx, &view);
        // Load the list only while no action runs: it would cancel the action.
        if self.page == Page::Devices && view.wants_devices && view.signed_in && view.work.is_none() {
            self.settings.send(Intent::ListDevices);
        }
        let mut actions = Actions::default();
        let narrow = ui.available_width() < NARROW_WIDTH;
        let side = Frame::new().fill(colors.page).inner_margin(Margin::symmetric(14, 14));
        if narrow {
            let panel = Panel::top("navigation").resizable(false).show_separator_line(false).frame(side);
            panel.show(ui, |ui| self.navigate_in_a_row(ui, &mut actions));
        } else {
            let panel = Panel::left("navigation").resizable(false).exact_size(NAVIGATION_WIDTH);
            panel
                .show_separator_line(false)
                .frame(side)
                .show(ui, |ui| self.navigate(ui, &view, &mut actions));
        }
        let margin = if narrow {
            Margin::symmetric(14, 8)
        } else {
            Margin { left: 24, right: 24, top: 16, bottom: 16 }
        };
        CentralPanel::default().frame(Frame::new().fill(colors.page).inner_margin(margin)).show(ui, |ui| {
            ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
                let builder =
                    UiBuilder::new().accessibility_role(Role::Main).accessibility_label(self.page.title());
                ui.scope_builder(builder, |ui| {
                    ui.set_max_width(MAX_CONTENT_WIDTH.min(ui.available_width() - SCROLL_BAR_WIDTH));
                    self.content(ui, &view, &mut actions);
                });
            });
        });
        self.show_dialog(&ctx, &mut actions);
        if self.dialog.is_none() {
            handle_shortcuts(&ctx, &view, &mut actions);
            handle_dropped_file(&ctx, &mut actions);
        }
        draw_focus_ring(&ctx);
        self.carry_out(&ctx, actions);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

impl Window {
    fn content(&mut self, ui: &mut Ui, view: &View, actions: &mut Actions) {
        widget::heading(ui, self.page.title());
        if let Some(notice) = &view.notice
            && widget::notice(ui, notice)
        {
            actions.intent = Some(Intent::Dismiss);
        }
        if let Some(work) = view.work.filter(|work| *work != Work::Loading)
            && widget::progress(ui, work.sentence())
        {
            actions.intent = Some(Intent::Cancel);
        }
        ui.add_enabled_ui(self.dialog.is_none(), |ui| {
            self.pages.show(self.page, ui, view, actions);
        });
        ui.add_space(24.0);
        self.follow_focus(ui);
    }

    /// Scrolls to the widget with the keyboard focus.
    fn follow_focus(&mut self, ui: &Ui) {
        let focused = ui.memory(|memory| memory.focused());
        if focused == self.focused {
            return;
        }
        self.focused = focused;
        let Some(response) = focused.and_then(|id| ui.ctx().read_response(id)) else { return };
        if ui.min_rect().contains_rect(response.rect) {
            ui.scroll_to_rect(response.rect.expand(24.0), None);
        }
    }

    fn navigate(&mut self, ui: &mut Ui, view: &View, actions: &mut Actions) {
        account_button(ui, view, actions);
        ui.add_space(10.0);
        self.search_field(ui, actions);
        ui.add_space(8.0);
        if !self.query.trim().is_empty() {
            self.search_results(ui, actions);
            return;
        }
        ui.spacing_mut().item_spacing.y = 3.0;
        for page in Page::ALL {
            if entry(ui, page.icon(), page.title(), page == self.page) {
                actions.page = Some(page);
            }
        }
    }

    fn search_results(&self, ui: &mut Ui, actions: &mut Actions) {
        let results = search(&self.query);
        if results.is_empty() {
            muted(
                ui,
                format!("No results for \"{}\". Try \"key\", \"device\" or \"proxy\".", self.query.trim()),
            );
        }
        for setting in results {
            if entry(ui, setting.page.icon(), setting.title, false) {
                actions.page = Some(setting.page);
            }
        }
    }

    fn navigate_in_a_row(&mut self, ui: &mut Ui, actions: &mut Actions) {
        self.search_field(ui, actions);
        if !self.query.trim().is_empty() {
            self.search_results(ui, actions);
            return;
        }
        ui.horizontal_wrapped(|ui| {
            for page in Page::ALL {
                let chosen = ui.selectable_label(page == self.page, page.title());
                if chosen.clicked() {
                    actions.page = Some(page);
                }
            }
        });
    }

    fn search_field(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let edit = TextEdit::singleline(&mut self.query)
            .hint_text("Find a setting")
            .desired_width(f32::INFINITY)
            .char_limit(100)
            .margin(8);
        let response = ui.add(edit).accessible_name("Find a setting");
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::F)) {
            response.request_focus();
        }
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if entered && let Some(first) = search(&self.query).first() {
            actions.page = Some(first.page);
        }
    }

    fn show_dialog(&mut self, ctx: &Context, actions: &mut Actions) {
        let Some(dialog) = &self.dialog else { return };
        let id = Id::unique("dialog");
        let area = Modal::default_area(id).accessible_name(dialog.title).role(Role::AlertDialog);
        let (mut answer, colors) = (None, palette(ctx));
        let frame = Frame::popup(&ctx.global_style()).fill(colors.card).inner_margin(24).corner_radius(8);
        let modal = Modal::new(id).area(area).frame(frame).show(ctx, |ui| {
            ui.set_width(420.0_f32.min(ctx.content_rect().width() - 64.0));
            ui.label(egui::RichText::new(dialog.title).font(semibold(19.0)));
            ui.add_space(8.0);
            ui.label(&dialog.text);
            ui.add_space(16.0);
            ui.horizontal(|ui| {
                let cancel = ui.add(egui::Button::new("Cancel").min_size(vec2(72.0, 34.0)));
                // Focus Cancel first: Enter must not confirm a destructive action.
                if ui.memory(|memory| memory.focused()).is_none() {
                    cancel.request_focus();
                }
                if cancel.clicked() {
                    answer = Some(false);
                }
                if button(ui, dialog.action, ButtonStyle::Danger) {
                    answer = Some(true);
                }
            });
        });
        let answer = answer.or(modal.should_close().then_some(false));
        if answer.is_some()
            && let Some(before) = self.focus_before_dialog.take()
        {
            ctx.memory_mut(|memory| memory.request_focus(before));
        }
        if let Some(yes) = answer
            && let Some(dialog) = self.dialog.take()
            && yes
        {
            actions.intent = Some(dialog.intent);
        }
    }
}

/// Handles the shortcuts that work on every page. The page "About" lists them.
fn handle_shortcuts(ctx: &Context, view: &View, actions: &mut Actions) {
    const PAGES: [Key; 6] = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6];
    ctx.input_mut(|input| {
        for (key, page) in PAGES.into_iter().zip(Page::ALL) {
            if input.consume_key(Modifiers::COMMAND, key) {
                actions.page = Some(page);
            }
        }
        let idle = view.work.is_none_or(|work| work == Work::Loading);
        if input.consume_key(Modifiers::NONE, Key::F5) && idle {
            actions.intent = Some(Intent::CheckNow);
        }
    });
}

/// Opens a dropped file as a license file.
fn handle_dropped_file(ctx: &Context, actions: &mut Actions) {
    let file = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned()));
    if let Some(file) = file {
        actions.page = Some(Page::Activation);
        actions.intent = Some(Intent::OpenLicenseFile { file });
    }
}

/// Draws a ring around the widget with the keyboard focus.
fn draw_focus_ring(ctx: &Context) {
    let Some(focused) = ctx.memory(|memory| memory.focused()) else { return };
    let Some(response) = ctx.read_response(focused) else { return };
    let stroke = egui::Stroke::new(2.0, palette(ctx).text);
    let rect = response.interact_rect.expand(1.0);
    ctx.layer_painter(response.layer_id).rect_stroke(rect, theme::CORNER, stroke, egui::StrokeKind::Outside);
}
