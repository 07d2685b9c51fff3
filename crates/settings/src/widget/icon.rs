//! Icons, painted as strokes on a grid of 24 by 24. They do not use an icon font, because a screen
//! reader would read the font's letters.

use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, Vec2, pos2, vec2};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Person,
    Key,
    Screen,
    Shield,
    Question,
    Info,
    Medal,
    Wrench,
    NoCloud,
    Exit,
    Link,
    Check,
    Warning,
    Down,
    Up,
    Sun,
    Globe,
    Pulse,
}

enum Part {
    Line(&'static [(f32, f32)]),
    Closed(&'static [(f32, f32)]),
    Circle(f32, f32, f32),
    Dot(f32, f32),
    Arc { x: f32, y: f32, r: f32, from: f32, to: f32 },
}

use Part::{Arc, Circle, Closed, Dot, Line};

impl Icon {
    const fn parts(self) -> &'static [Part] {
        match self {
            Icon::Person => &[
                Circle(12.0, 8.0, 4.0),
                Arc { x: 12.0, y: 21.0, r: 7.5, from: 0.5, to: 1.0 },
                Line(&[(4.5, 21.0), (19.5, 21.0)]),
            ],
            Icon::Key => &[
                Circle(15.5, 8.5, 5.0),
                Line(&[(12.0, 12.0), (4.0, 20.0), (7.0, 20.0), (7.0, 17.5), (9.5, 17.5)]),
                Dot(17.0, 7.0),
            ],
            Icon::Screen => &[
                Closed(&[(3.0, 4.5), (21.0, 4.5), (21.0, 16.5), (3.0, 16.5)]),
                Line(&[(12.0, 16.5), (12.0, 20.5)]),
                Line(&[(8.0, 20.5), (16.0, 20.5)]),
            ],
            Icon::Shield => &[
                Closed(&[
                    (12.0, 3.0),
                    (19.5, 5.5),
                    (19.5, 11.5),
                    (16.5, 17.5),
                    (12.0, 21.0),
                    (7.5, 17.5),
                    (4.5, 11.5),
                    (4.5, 5.5),
                ]),
                Line(&[(8.5, 12.0), (11.0, 14.5), (15.5, 9.5)]),
            ],
            Icon::Question => &[
                Circle(12.0, 12.0, 9.0),
                Arc { x: 12.0, y: 9.8, r: 2.6, from: 0.5, to: 1.2 },
                Line(&[(13.6, 11.8), (12.0, 13.4), (12.0, 14.2)]),
                Dot(12.0, 17.0),
            ],
            Icon::Info => &[Circle(12.0, 12.0, 9.0), Line(&[(12.0, 11.0), (12.0, 16.5)]), Dot(12.0, 7.8)],
            Icon::Medal => &[
                Circle(12.0, 9.0, 5.5),
                Line(&[(8.5, 13.5), (8.5, 21.0), (12.0, 18.5), (15.5, 21.0), (15.5, 13.5)]),
            ],
            Icon::Wrench => &[
                Line(&[(14.2, 9.8), (5.0, 19.0)]),
                Line(&[(9.0, 15.0), (4.0, 20.0)]),
                Arc { x: 16.5, y: 7.5, r: 4.5, from: 0.02, to: 0.73 },
                Line(&[(20.9, 7.9), (18.0, 8.5), (15.5, 6.0), (16.1, 3.2)]),
            ],
            Icon::NoCloud => &[
                Arc { x: 8.0, y: 14.0, r: 4.0, from: 0.25, to: 0.7 },
                Arc { x: 13.0, y: 10.5, r: 5.0, from: 0.53, to: 0.98 },
                Arc { x: 17.5, y: 14.5, r: 3.5, from: 0.75, to: 1.25 },
                Line(&[(8.0, 18.0), (17.5, 18.0)]),
                Line(&[(4.0, 4.0), (20.5, 21.0)]),
            ],
            Icon::Exit => &[
                Line(&[(10.0, 4.0), (4.5, 4.0), (4.5, 20.0), (10.0, 20.0)]),
                Line(&[(9.5, 12.0), (20.0, 12.0)]),
                Line(&[(16.0, 8.0), (20.0, 12.0), (16.0, 16.0)]),
            ],
            Icon::Link => &[
                Arc { x: 8.0, y: 12.0, r: 4.5, from: 0.2, to: 0.8 },
                Line(&[(8.0, 7.5), (10.5, 7.5)]),
                Line(&[(8.0, 16.5), (10.5, 16.5)]),
                Arc { x: 16.0, y: 12.0, r: 4.5, from: 0.7, to: 1.3 },
                Line(&[(16.0, 7.5), (13.5, 7.5)]),
                Line(&[(16.0, 16.5), (13.5, 16.5)]),
                Line(&[(8.0, 12.0), (16.0, 12.0)]),
            ],
            Icon::Check => &[Circle(12.0, 12.0, 9.0), Line(&[(7.8, 12.3), (10.8, 15.2), (16.2, 9.2)])],
            Icon::Warning => &[
                Closed(&[(12.0, 3.5), (21.5, 20.0), (2.5, 20.0)]),
                Line(&[(12.0, 9.5), (12.0, 14.0)]),
                Dot(12.0, 17.0),
            ],
            Icon::Down => &[Line(&[(6.0, 9.5), (12.0, 15.5), (18.0, 9.5)])],
            Icon::Up => &[Line(&[(6.0, 14.5), (12.0, 8.5), (18.0, 14.5)])],
            Icon::Sun => &[
                Circle(12.0, 12.0, 4.0),
                Line(&[(12.0, 2.5), (12.0, 5.0)]),
                Line(&[(12.0, 19.0), (12.0, 21.5)]),
                Line(&[(2.5, 12.0), (5.0, 12.0)]),
                Line(&[(19.0, 12.0), (21.5, 12.0)]),
                Line(&[(5.3, 5.3), (7.0, 7.0)]),
                Line(&[(17.0, 17.0), (18.7, 18.7)]),
                Line(&[(5.3, 18.7), (7.0, 17.0)]),
                Line(&[(17.0, 7.0), (18.7, 5.3)]),
            ],
            Icon::Globe => &[
                Circle(12.0, 12.0, 9.0),
                Line(&[(3.0, 12.0), (21.0, 12.0)]),
                Arc { x: 3.0, y: 12.0, r: 12.7, from: -0.125, to: 0.125 },
                Arc { x: 21.0, y: 12.0, r: 12.7, from: 0.375, to: 0.625 },
            ],
            Icon::Pulse => {
                &[Line(&[(2.5, 12.0), (7.0, 12.0), (9.5, 5.0), (14.0, 19.0), (16.5, 12.0), (21.5, 12.0)])]
            }
        }
    }

    /// Paints the icon into a square.
    pub(crate) fn paint(self, painter: &Painter, square: Rect, color: Color32) {
        let scale = square.width() / 24.0;
        let stroke = Stroke::new((1.5 * scale).max(1.2), color);
        let at = |(x, y): (f32, f32)| square.min + vec2(x, y) * scale;
        for part in self.parts() {
            painter.add(match *part {
                Line(points) => Shape::line(points.iter().copied().map(at).collect(), stroke),
                Closed(points) => Shape::closed_line(points.iter().copied().map(at).collect(), stroke),
                Circle(x, y, r) => Shape::circle_stroke(at((x, y)), r * scale, stroke),
                Dot(x, y) => Shape::circle_filled(at((x, y)), 1.2 * scale, color),
                Arc { x, y, r, from, to } => Shape::line(arc(at((x, y)), r * scale, from, to), stroke),
            });
        }
    }

    pub(crate) fn square(center: Pos2, side: f32) -> Rect {
        Rect::from_center_size(center, Vec2::splat(side))
    }
}

/// The points of an arc. Angles are fractions of a turn, clockwise from the right.
fn arc(center: Pos2, radius: f32, from: f32, to: f32) -> Vec<Pos2> {
    const STEPS: u8 = 24;
    (0..=STEPS)
        .map(|step| {
            let turn = from + (to - from) * f32::from(step) / f32::from(STEPS);
            let (sin, cos) = (turn * std::f32::consts::TAU).sin_cos();
            pos2(center.x + radius * cos, center.y + radius * sin)
        })
        .collect()
}
