//! Colours, each with the one that a dark page has in its place.

use plotters::style::RGBColor;

/// Those of series are told apart by those who do not see all colours, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    Ground,
    Text,
    Grid,
    Target,
    Blue,
    Cyan,
    Purple,
    Yellow,
    Green,
    Red,
}

const ALL: [Ink; 10] = [
    Ink::Ground,
    Ink::Text,
    Ink::Grid,
    Ink::Target,
    Ink::Blue,
    Ink::Cyan,
    Ink::Purple,
    Ink::Yellow,
    Ink::Green,
    Ink::Red,
];

impl Ink {
    /// On a light page and on a dark one, as `0xRRGGBB`. No two are the same on a light page.
    const fn both(self) -> (u32, u32) {
        match self {
            Ink::Ground => (0xff_ff_ff, 0x0d_11_17),
            Ink::Text => (0x1f_23_28, 0xe6_ed_f3),
            Ink::Grid => (0xd1_d9_e0, 0x3d_44_4d),
            Ink::Target => (0x00_00_00, 0xff_ff_ff),
            Ink::Blue => (0x44_77_aa, 0x5b_93_c9),
            Ink::Cyan => (0x66_cc_ee, 0x7a_d4_f2),
            Ink::Purple => (0xaa_33_77, 0xd0_5a_9c),
            Ink::Yellow => (0xcc_bb_44, 0xd6_c7_55),
            Ink::Green => (0x22_88_33, 0x3d_ab_50),
            Ink::Red => (0xee_66_77, 0xf2_7c_8b),
        }
    }

    /// On a light page.
    pub fn colour(self) -> RGBColor {
        let [_, red, green, blue] = self.both().0.to_be_bytes();
        RGBColor(red, green, blue)
    }

    /// As it stands in the picture.
    #[cfg(test)]
    pub fn colour_text(self) -> String {
        format!("#{:06X}", self.both().0)
    }
}

/// A picture with a title for those who do not see it, and with a style in which a dark page's colours take the place of a light one's.
pub fn for_light_and_dark(svg: &str, title: &str) -> String {
    let rules: String = ALL
        .iter()
        .map(|ink| {
            let (light, dark) = ink.both();
            format!("[fill=\"#{light:06X}\"]{{fill:#{dark:06X}}}[stroke=\"#{light:06X}\"]{{stroke:#{dark:06X}}}\n")
        })
        .collect();
    let style = format!("<title>{title}</title>\n<style>@media (prefers-color-scheme:dark){{\n{rules}}}</style>\n");
    match svg.split_once(">\n") {
        Some((tag, rest)) => format!("{tag} role=\"img\">\n{style}{rest}"),
        None => svg.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, Ink, for_light_and_dark};

    /// As WCAG 2.2 has the contrast of two colours: from 1 to 21.
    fn contrast(one: u32, other: u32) -> f64 {
        let luminance = |colour: u32| {
            let [_, red, green, blue] = colour.to_be_bytes().map(|byte| {
                let part = f64::from(byte) / 255.0;
                if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
            });
            0.2126 * red + 0.7152 * green + 0.0722 * blue
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn texts_and_bars_stand_out_from_the_ground_of_either_page() {
        for (ink, least) in ALL.map(|ink| match ink {
            Ink::Ground | Ink::Grid => (ink, 1.0),
            Ink::Text | Ink::Target => (ink, 7.0),
            // Each has its number beside it.
            Ink::Cyan | Ink::Yellow => (ink, 1.7),
            _ => (ink, 3.0),
        }) {
            let ((light, dark), ground) = (ink.both(), Ink::Ground.both());
            let on = (contrast(light, ground.0), contrast(dark, ground.1));
            assert!(on.0 >= least && on.1 >= least, "{ink:?}: {on:?}");
        }
    }

    #[test]
    fn each_colour_of_a_light_page_stands_for_one_of_a_dark_page() {
        for (index, ink) in ALL.iter().enumerate() {
            assert!(ALL[..index].iter().all(|other| other.both().0 != ink.both().0), "{ink:?}");
        }
        let svg = for_light_and_dark("<svg width=\"1\">\n<rect/>\n</svg>\n", "Sizes");
        assert!(svg.starts_with("<svg width=\"1\" role=\"img\">\n<title>Sizes</title>\n<style>"), "{svg}");
        assert!(svg.contains("[fill=\"#1F2328\"]{fill:#E6EDF3}") && svg.ends_with("<rect/>\n</svg>\n"), "{svg}");
    }
}
