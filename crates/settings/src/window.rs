//! The frame around the pages: navigation, search, what is under way, questions.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::accesskit::Role;
use eframe::egui::{
    self, CentralPanel, Context, Frame, Id, Key, Margin, Modal, Modifiers, OpenUrl, Panel, ScrollArea,
    TextEdit, Ui, UiBuilder, vec2,
};
use keystead::Client;
use keystead::settings::{Intent, Settings, SignInStep, View, Work};

use crate::Appearance;
use crate::navigation::{Page, find};
use crate::pages::{Pages, Wishes};
use crate::side::{entry, person};
use crate::theme::{self, palette, strong};
use crate::widget::{self, Look, button, muted};

/// Below this width the navigation is a row above the page.
const NARROW: f32 = 720.0;
const NAVIGATION: f32 = 304.0;
/// Room beside the content for the bar that scrolls it.
const SCROLL_BAR: f32 = 10.0;
/// The widest that a page's content gets.
const WIDEST: f32 = 780.0;

/// The Settings window.
pub struct Window {
    settings: Settings,
    title: String,
    folder: PathBuf,
    page: Page,
    search: String,
    pages: Pages,
    question: Option<Question>,
    /// What the keyboard acted on when it was asked, and acts on again afterwards.
    asked_at: Option<Id>,
    /// The address that the browser was last opened at.
    opened: Option<String>,
    appearance: Appearance,
    /// What the keyboard acted on in the last frame.
    focused: Option<Id>,
}

/// Something that is asked before it is done.
pub(crate) struct Question {
    pub(crate) title: &'static str,
    /// What will happen and what remains.
    pub(crate) text: String,
    pub(crate) action: &'static str,
    pub(crate) intent: Intent,
}

pub(crate) fn title(product: &str) -> String {
    format!("{product} Settings")
}

impl Window {
    /// Makes the window's content, to be shown by an `eframe` that is open.
    pub fn new(cc: &eframe::CreationContext<'_>, client: Arc<Client>, page: Page) -> Self {
        let ctx = cc.egui_ctx.clone();
        theme::install(&ctx);
        let (title, folder) = (title(&client.profile().product_name), client.folder().to_owned());
        let appearance = Appearance::chosen(&folder);
        appearance.apply(&ctx);
        let settings = Settings::open(client, move || ctx.request_repaint());
        settings.send(Intent::Look);
        let mut window = Self {
            settings,
            title,
            folder,
            page,
            search: String::new(),
            pages: Pages::default(),
            question: None,
            asked_at: None,
            opened: None,
            appearance,
            focused: None,
        };
        window.enter(page);
        window
    }

    fn enter(&mut self, page: Page) {
        self.page = page;
        self.search.clear();
        let view = self.settings.view();
        if view.work.is_none() && view.notice.is_some() {
            self.settings.send(Intent::Dismiss);
        }
    }

    fn fulfil(&mut self, ctx: &Context, wishes: Wishes) {
        if let Some(page) = wishes.page {
            self.enter(page);
        }
        if let Some(intent) = wishes.intent {
            self.settings.send(intent);
        }
        if let Some(address) = wishes.address {
            ctx.open_url(OpenUrl::new_tab(address));
        }
        if let Some(text) = wishes.copy {
            ctx.copy_text(text);
        }
        if let Some(appearance) = wishes.appearance {
            self.appearance = appearance;
            appearance.apply(ctx);
            appearance.keep(&self.folder);
        }
        if wishes.question.is_some() {
            self.asked_at = self.focused;
        }
        self.question = wishes.question.or(self.question.take());
    }

    /// Opens the browser once for a sign-in that wants one.
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
        // What the user began is never given up for a list.
        if self.page == Page::Devices && view.wants_devices && view.signed_in && view.work.is_none() {
            self.settings.send(Intent::ListDevices);
        }
        let mut wishes = Wishes::default();
        let narrow = ui.available_width() < NARROW;
        let side = Frame::new().fill(colors.page).inner_margin(Margin::symmetric(14, 14));
        if narrow {
            let panel = Panel::top("navigation").resizable(false).show_separator_line(false).frame(side);
            panel.show(ui, |ui| self.navigate_in_a_row(ui, &mut wishes));
        } else {
            let panel = Panel::left("navigation").resizable(false).exact_size(NAVIGATION);
            panel.show_separator_line(false).frame(side).show(ui, |ui| self.navigate(ui, &view, &mut wishes));
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
                    ui.set_max_width(WIDEST.min(ui.available_width() - SCROLL_BAR));
                    self.content(ui, &view, &mut wishes);
                });
            });
        });
        self.ask(&ctx, &mut wishes);
        if self.question.is_none() {
            keys(&ctx, &view, &mut wishes);
            dropped(&ctx, &mut wishes);
        }
        ring(&ctx);
        self.fulfil(&ctx, wishes);
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        visuals.panel_fill.to_normalized_gamma_f32()
    }
}

impl Window {
    fn content(&mut self, ui: &mut Ui, view: &View, wishes: &mut Wishes) {
        widget::heading(ui, self.page.title());
        if let Some(notice) = &view.notice
            && widget::notice(ui, notice)
        {
            wishes.intent = Some(Intent::Dismiss);
        }
        if let Some(work) = view.work.filter(|work| *work != Work::Looking)
            && widget::working(ui, work.sentence())
        {
            wishes.intent = Some(Intent::Cancel);
        }
        ui.add_enabled_ui(self.question.is_none(), |ui| {
            self.pages.show(self.page, ui, view, self.appearance, wishes);
        });
        ui.add_space(24.0);
        self.follow_focus(ui);
    }

    /// Scrolls to what the keyboard has come to.
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

    fn navigate(&mut self, ui: &mut Ui, view: &View, wishes: &mut Wishes) {
        person(ui, view, wishes);
        ui.add_space(10.0);
        self.search_field(ui, wishes);
        ui.add_space(8.0);
        if !self.search.trim().is_empty() {
            self.found(ui, wishes);
            return;
        }
        ui.spacing_mut().item_spacing.y = 3.0;
        for page in Page::ALL {
            if entry(ui, page.icon(), page.title(), page == self.page) {
                wishes.page = Some(page);
            }
        }
    }

    fn found(&self, ui: &mut Ui, wishes: &mut Wishes) {
        let found = find(&self.search);
        if found.is_empty() {
            muted(ui, "Nothing has that name.");
        }
        for setting in found {
            if entry(ui, setting.page.icon(), setting.title, false) {
                wishes.page = Some(setting.page);
            }
        }
    }

    fn navigate_in_a_row(&mut self, ui: &mut Ui, wishes: &mut Wishes) {
        self.search_field(ui, wishes);
        if !self.search.trim().is_empty() {
            self.found(ui, wishes);
            return;
        }
        ui.horizontal_wrapped(|ui| {
            for page in Page::ALL {
                let chosen = ui.selectable_label(page == self.page, page.title());
                if chosen.clicked() {
                    wishes.page = Some(page);
                }
            }
        });
    }

    fn search_field(&mut self, ui: &mut Ui, wishes: &mut Wishes) {
        let edit = TextEdit::singleline(&mut self.search)
            .hint_text("Find a setting")
            .desired_width(f32::INFINITY)
            .char_limit(100)
            .margin(8);
        let response = ui.add(edit).accessible_name("Find a setting");
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::F)) {
            response.request_focus();
        }
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if entered && let Some(first) = find(&self.search).first() {
            wishes.page = Some(first.page);
        }
    }

    fn ask(&mut self, ctx: &Context, wishes: &mut Wishes) {
        let Some(question) = &self.question else { return };
        let id = Id::unique("question");
        let area = Modal::default_area(id).accessible_name(question.title).role(Role::AlertDialog);
        let (mut answer, colors) = (None, palette(ctx));
        let frame = Frame::popup(&ctx.global_style()).fill(colors.card).inner_margin(24).corner_radius(8);
        let modal = Modal::new(id).area(area).frame(frame).show(ctx, |ui| {
            ui.set_width(420.0_f32.min(ctx.content_rect().width() - 64.0));
            ui.label(egui::RichText::new(question.title).font(strong(19.0)));
            ui.add_space(8.0);
            ui.label(&question.text);
            ui.add_space(16.0);
            ui.horizontal(|ui| {
                let cancel = ui.add(egui::Button::new("Cancel").min_size(vec2(72.0, 34.0)));
                // The harmless answer is the one under the fingers.
                if ui.memory(|memory| memory.focused()).is_none() {
                    cancel.request_focus();
                }
                if cancel.clicked() {
                    answer = Some(false);
                }
                if button(ui, question.action, Look::Danger) {
                    answer = Some(true);
                }
            });
        });
        let answer = answer.or(modal.should_close().then_some(false));
        if answer.is_some()
            && let Some(before) = self.asked_at.take()
        {
            ctx.memory_mut(|memory| memory.request_focus(before));
        }
        if let Some(yes) = answer
            && let Some(question) = self.question.take()
            && yes
        {
            wishes.intent = Some(question.intent);
        }
    }
}

/// What is done by keys from anywhere; the page "About" tells them.
fn keys(ctx: &Context, view: &View, wishes: &mut Wishes) {
    const PAGES: [Key; 6] = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6];
    ctx.input_mut(|input| {
        for (key, page) in PAGES.into_iter().zip(Page::ALL) {
            if input.consume_key(Modifiers::COMMAND, key) {
                wishes.page = Some(page);
            }
        }
        let idle = view.work.is_none_or(|work| work == Work::Looking);
        if input.consume_key(Modifiers::NONE, Key::F5) && idle {
            wishes.intent = Some(Intent::CheckNow);
        }
    });
}

/// A file that is dropped on the window is the one that answers this device's.
fn dropped(ctx: &Context, wishes: &mut Wishes) {
    let file = ctx.input(|input| input.raw.dropped_files.first().map(|file| file.path().to_owned()));
    if let Some(file) = file {
        wishes.page = Some(Page::Activation);
        wishes.intent = Some(Intent::OpenLicenseFile { file });
    }
}

/// A ring around what the keyboard acts on, the same for everything.
fn ring(ctx: &Context) {
    let Some(focused) = ctx.memory(|memory| memory.focused()) else { return };
    let Some(response) = ctx.read_response(focused) else { return };
    let stroke = egui::Stroke::new(2.0, palette(ctx).text);
    let rect = response.interact_rect.expand(1.0);
    ctx.layer_painter(response.layer_id).rect_stroke(rect, theme::CORNER, stroke, egui::StrokeKind::Outside);
}
